//! The house: which folder of the sources may know which, read from what their files name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each folder (or the file of that name) with those that it may know. There is no circle in it.
const MAY_KNOW: [(&str, &[&str]); 11] = [
    // The wire and the time: it knows what the crate shows.
    ("server", &["lib"]),
    // The way in.
    ("front", &["control", "oidc", "platform", "wire"]),
    (
        "control",
        &["gateway", "platform", "profile", "wire", "world"],
    ),
    ("platform", &["gateway", "profile", "wire", "world"]),
    ("gateway", &["services", "profile", "wire", "world", "seed"]),
    ("services", &["oidc", "profile", "wire", "world", "seed"]),
    ("oidc", &["wire", "world"]),
    // No request, no reply, no problem.
    ("world", &["profile", "seed"]),
    ("wire", &["profile", "seed"]),
    ("profile", &[]),
    ("seed", &[]),
];

/// Who knows whom, by the first or the first two segments of the paths.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// The paths behind `crate::` in a source, comments apart; those in braces one by one.
fn paths(source: &str) -> Vec<Vec<String>> {
    let code: Vec<&str> = source
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect();
    let code = code.join(" ");
    let mut found = Vec::new();
    for (at, name) in code.match_indices("crate::") {
        let rest = &code[at + name.len()..];
        let before = code[..at].chars().next_back();
        if !before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            read(rest, &[], &mut found);
        }
    }
    found
}

/// Reads one path, or a group of them in braces, behind what stands before it.
fn read(text: &str, before: &[String], found: &mut Vec<Vec<String>>) {
    let text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        let (mut depth, mut start) = (0, 0);
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    if !group[start..at].trim().is_empty() {
                        read(&group[start..at], before, found);
                    }
                    start = at + 1;
                    if c == '}' {
                        return;
                    }
                }
                _ => {}
            }
        }
        return;
    }
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    let mut path = before.to_vec();
    path.push(text[..end].to_owned());
    match text[end..].strip_prefix("::") {
        Some(rest) => read(rest, &path, found),
        None => found.push(path),
    }
}

/// What a name is part of: a file or folder, or, where it begins with a capital, the crate's or the folder's own face.
fn is_module(name: &str) -> bool {
    name.starts_with(|c: char| c.is_lowercase())
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The sources, by their place below `src`, without the ending.
fn sources() -> Vec<(Vec<String>, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    found
        .iter()
        .map(|file| {
            let place = file.strip_prefix(&root).expect("below").with_extension("");
            let place = place
                .components()
                .map(|part| part.as_os_str().to_string_lossy().into_owned())
                .collect();
            (place, fs::read_to_string(file).expect("a source"))
        })
        .collect()
}

/// Who knows whom among the folders and among what lies directly in them.
fn graphs(sources: &[(Vec<String>, String)]) -> (Graph, Graph) {
    let (mut folders, mut nouns) = (Graph::new(), Graph::new());
    let two = |place: &[String]| place.iter().take(2).cloned().collect::<Vec<_>>().join("/");
    let places: BTreeSet<String> = sources.iter().map(|(place, _)| two(place)).collect();
    for (place, source) in sources {
        let from = two(place);
        for path in paths(source) {
            let folder = match path.first() {
                Some(name) if is_module(name) => name.clone(),
                _ => "lib".to_owned(),
            };
            let noun = path.get(1).map(|noun| format!("{folder}/{noun}"));
            let to = noun
                .filter(|noun| places.contains(noun))
                .unwrap_or_else(|| folder.clone());
            folders.entry(place[0].clone()).or_default().insert(folder);
            nouns.entry(from.clone()).or_default().insert(to);
        }
    }
    for (name, known) in folders.iter_mut().chain(nouns.iter_mut()) {
        known.remove(name);
    }
    (folders, nouns)
}

/// A way from a node back to itself, if there is one.
fn circle(graph: &Graph) -> Option<Vec<String>> {
    fn walk(graph: &Graph, at: &str, way: &mut Vec<String>, done: &mut BTreeSet<String>) -> bool {
        if way.iter().any(|former| former == at) {
            way.push(at.to_owned());
            return true;
        }
        if !done.insert(at.to_owned()) {
            return false;
        }
        way.push(at.to_owned());
        for next in graph.get(at).into_iter().flatten() {
            if walk(graph, next, way, done) {
                return true;
            }
        }
        way.pop();
        false
    }
    let mut done = BTreeSet::new();
    graph.keys().find_map(|start| {
        let mut way = Vec::new();
        walk(graph, start, &mut way, &mut done).then_some(way)
    })
}

#[test]
fn every_folder_knows_only_what_it_may() {
    let (folders, _) = graphs(&sources());
    for (folder, known) in &folders {
        if ["lib", "main"].contains(&folder.as_str()) {
            continue;
        }
        let rule = MAY_KNOW.iter().find(|(name, _)| name == folder);
        let (_, may) = rule.unwrap_or_else(|| panic!("{folder} has no place in the house"));
        for other in known {
            assert!(
                may.contains(&other.as_str()),
                "{folder} must not know {other}"
            );
        }
    }
    let rules = MAY_KNOW.iter().map(|(name, known)| {
        let known = known.iter().map(|&other| other.to_owned());
        ((*name).to_owned(), known.collect())
    });
    assert_eq!(circle(&rules.collect()), None);
}

#[test]
fn there_is_no_circle_of_files() {
    let (folders, nouns) = graphs(&sources());
    assert!(
        nouns.len() > 30 && folders.len() > 8,
        "the sources were read"
    );
    assert_eq!(circle(&folders), None);
    assert_eq!(circle(&nouns), None);
}

#[test]
fn a_circle_is_found() {
    let source = |place: &str, text: &str| {
        let place = place.split('/').map(str::to_owned).collect();
        (place, text.to_owned())
    };
    let clean = vec![
        source(
            "a/x",
            "use crate::b::{y::Y, z::{self, Z}}; // use crate::a::q::Q;",
        ),
        source("b/y", "fn f() { crate::c::g() }"),
        source("b/z", ""),
        source("c", "use std::fmt; pub(crate) use mycrate::a;"),
    ];
    let (folders, nouns) = graphs(&clean);
    assert_eq!((circle(&folders), circle(&nouns)), (None, None));
    assert_eq!(nouns["a/x"].iter().collect::<Vec<_>>(), ["b/y", "b/z"]);
    let mut back = clean.clone();
    back.push(source("c/deep/down", "use crate::{Face, a::x::X};"));
    let (folders, _) = graphs(&back);
    assert!(circle(&folders).is_some());
    let mut inner = clean;
    inner.push(source("b/z", "use crate::b::y;"));
    inner.push(source("b/y/more", "use crate::b::z::Z;"));
    let (folders, nouns) = graphs(&inner);
    assert!(circle(&folders).is_none() && circle(&nouns).is_some());
}
