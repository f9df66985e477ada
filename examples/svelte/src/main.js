import { mount } from "svelte";

import Shop from "./Shop.svelte";
import "./style.css";

mount(Shop, { target: document.querySelector("#app") });
