// One HTML file with everything in it, for the program to hold.
import { defineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

export default defineConfig({
  plugins: [viteSingleFile({ removeViteModuleLoader: true })],
  build: { outDir: "dist", target: "es2022", rollupOptions: { input: "report.html" }, assetsInlineLimit: 1e9 },
});
