#include "engine/graph/difference.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace knockon::graph {
namespace {

using Sentences = std::set<std::string>;

Changes changes(const Sentences& before, const Sentences& after) {
  Changes found;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(found.gone));
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(found.added));
  return found;
}

std::string name(const Findings& findings, ComponentId id) { return name_of(*findings.world, findings.components[id]); }

Sentences components_in(const Findings& findings) {
  Sentences all;
  for (std::size_t i = 0; i < findings.components.size(); ++i) {
    const ComponentId id{i};
    all.insert(std::string{text_of(findings.components[id].kind)} + " " + name(findings, id));
  }
  return all;
}

Sentences relations_in(const Findings& findings) {
  Sentences all;
  for (const Relation& relation : findings.relations) {
    all.insert(name(findings, relation.from) + " -> " + name(findings, relation.to) + " (" + text_of(relation.kind) +
               ")");
  }
  return all;
}

Sentences single_points_in(const Findings& findings) {
  Sentences all;
  for (const Blast& blast : findings.impact.blast_radius) {
    for (const Blast::Hit& hit : blast.apps) {
      for (const world::RegionId region : hit.down) {
        all.insert((*findings.world)[hit.app].name + ": " + name(findings, blast.component) + " down in " +
                   (*findings.world)[region].name);
      }
    }
  }
  return all;
}

Sentences knots_in(const Findings& findings) {
  Sentences all;
  for (const Knot& knot : findings.recovery.knots) {
    all.insert((*findings.world)[knot.strategy].name + ": " + (*findings.world)[knot.step].name + " needs " +
               knot.waits_for + (knot.is_tied() ? ", and nothing unties it" : ""));
  }
  return all;
}

Sentences circles_in(const Findings& findings) {
  Sentences all;
  for (const Circle& circle : findings.circles) {
    std::string members;
    for (const ComponentId id : circle.members) members += (members.empty() ? "" : ", ") + name(findings, id);
    all.insert(members);
  }
  return all;
}

}  // namespace

Difference difference_between(const Findings& before, const Findings& after) {
  return {.components = changes(components_in(before), components_in(after)),
          .relations = changes(relations_in(before), relations_in(after)),
          .single_points = changes(single_points_in(before), single_points_in(after)),
          .knots = changes(knots_in(before), knots_in(after)),
          .circles = changes(circles_in(before), circles_in(after))};
}

}  // namespace knockon::graph
