/* SPDX-License-Identifier: BSD-3-Clause */
/* The script looks for every film of the page that has no sliders yet, because front ends differ in
 * whether a script knows where it stands. The sliders are made here and not in the page, so that
 * there are none where nothing would move them. A picture changes in place, which does not flicker.
 * Printed, the strip comes back and only the values of the sliders stay. */
#include "plot/film_script.h"

#define START                                                                            \
    "for(const film of document.querySelectorAll('.dw-film')){"                          \
    "const store=film.querySelector('script[type=\"application/json\"]');"               \
    "if(!store||film.dwFilm)continue;film.dwFilm=true;"                                  \
    "const data=JSON.parse(store.textContent),"                                          \
    "make=(kind,more)=>Object.assign(document.createElement(kind),more),"                \
    "now=film.querySelector('.dw-film-now'),strip=film.querySelector('.dw-film-strip')," \
    "old=film.querySelector('.dw-film-knobs'),first=now.innerHTML,"                      \
    "box=make('div',{className:'dw-film-knobs'}),"                                       \
    "still=matchMedia('(prefers-reduced-motion: reduce)'),"                              \
    "button=data.plays?make('button',{type:'button'}):null;"                             \
    "let timer=0;if(old)old.remove();if(strip)strip.hidden=true;"                        \
    "box.setAttribute('data-lm-suppress-shortcuts','true');"

#define DRAW                                                                                 \
    "const draw=html=>{const next=make('div',{innerHTML:html}),a=[...now.children],"         \
    "b=[...next.children];"                                                                  \
    "if(a.length!=b.length||a.some((e,i)=>e.tagName!=b[i].tagName))"                         \
    "{now.innerHTML=html;return;}"                                                           \
    "b.forEach((e,i)=>{if(e.tagName=='IMG')"                                                 \
    "for(const t of e.attributes)a[i].setAttribute(t.name,t.value);"                         \
    "else a[i].innerHTML=e.innerHTML;});};"                                                  \
    "const frame=rows=>rows.map(i=>data.lines[i]).join('\\n').replace(/<svg[^]*?<\\/svg>/g," \
    "s=>'data:image/svg+xml;charset=utf-8,'+encodeURIComponent(s));"                         \
    "const move=(k,i)=>{knobs.forEach((knob,j)=>knob.set(j==k?i:data.knobs[j].start));"      \
    "const rows=data.knobs[k].frames[i];draw(rows?frame(rows):first);};"

#define PLAY                                                                                \
    "const halt=()=>{clearInterval(timer);timer=0;"                                         \
    "if(button)button.textContent=still.matches?'\u25B6 next':'\u25B6 play';};"             \
    "const step=()=>{const i=knobs[0].at(),end=data.knobs[0].labels.length-1;"              \
    "if(!film.isConnected)return halt();"                                                   \
    "move(0,i<end?i+1:0);if(knobs[0].at()==end)halt();};"                                   \
    "if(button){button.onclick=()=>{if(timer)return halt();if(still.matches)return step();" \
    "button.textContent='\u275A\u275A pause';timer=setInterval(step,data.pause);step();};"  \
    "box.append(button);}"

#define KNOBS                                                                              \
    "const knobs=data.knobs.map((knob,k)=>{const row=make('label'),"                       \
    "name=make('span',{textContent:knob.name}),value=make('span'),"                        \
    "slider=make('input',{type:'range',min:0,max:knob.labels.length-1,step:1});"           \
    "row.style.cssText='display:flex;gap:.7em;align-items:center;margin:.2em 0';"          \
    "name.style.minWidth='2em';slider.style.cssText='width:18em;max-width:60%';"           \
    "slider.setAttribute('aria-label',knob.name);"                                         \
    "slider.oninput=()=>{halt();move(k,+slider.value);};"                                  \
    "row.append(name,slider,value);box.append(row);"                                       \
    "return{at:()=>+slider.value,set:i=>{slider.value=i;value.textContent=knob.labels[i];" \
    "slider.setAttribute('aria-valuetext',knob.labels[i]);}};});"

#define END                                                                         \
    "knobs.forEach((knob,k)=>knob.set(data.knobs[k].start));"                       \
    "if(knobs.length>1)box.append(make('small',"                                    \
    "{textContent:'one slider at a time: the others go back to their start'}));"    \
    "box.append(make('style',{textContent:'@media print{"                           \
    ".dw-film-knobs input,.dw-film-knobs button,.dw-film-knobs small{display:none}" \
    ".dw-film-strip[hidden]{display:block!important}}'}));"                         \
    "halt();now.after(box);}"

/* An output is a child of its cell's area, of which front ends have different ones: VS Code,
 * JupyterLab and Notebook 7, the classic Notebook. A widget that has not come after three seconds
 * counts as lost until it comes. */
#define LIVE                                                                       \
    "for(const film of document.querySelectorAll('.dw-film-live')){"               \
    "if(film.dwLive)continue;film.dwLive=true;"                                    \
    "const area=film.closest('.cell_container')||film.closest('.jp-OutputArea')"   \
    "||film.closest('.output');let own=film,late=false;"                           \
    "while(area&&own.parentElement!=area)own=own.parentElement;"                   \
    "const other=area&&own.previousElementSibling,look=()=>{"                      \
    "const live=other.querySelector('.dw-live'),words=other.textContent.trim(),"   \
    "comes=words.startsWith('Loading widget')&&!late,"                             \
    "lost=live?live.matches('.jupyter-widgets-disconnected'):"                     \
    "/^(Loading w|Error displaying w|A Jupyter w)idget/.test(words)&&!comes;"      \
    "film.hidden=comes||!!live&&!lost;other.style.display=lost?'none':'';};"       \
    "if(!other)continue;look();new MutationObserver(look).observe(other,"          \
    "{attributeFilter:['class'],characterData:true,childList:true,subtree:true});" \
    "setTimeout(()=>{late=true;look();},3000);}"

const char *dw_film_script_live(void) {
    return "(()=>{" LIVE "})();";
}

const char *dw_film_script_text(void) {
    return "(()=>{" START DRAW PLAY KNOBS END "})();";
}
