import { startCharts } from "./charts.js";
import { startGallery } from "./gallery.js";

document.documentElement.classList.add("scripted");
startCharts();
startGallery();
