export default {
  // Vite's dev server would copy lakota to a cache folder, without the worker scripts that stand beside it.
  optimizeDeps: { exclude: ["lakota"] },
};
