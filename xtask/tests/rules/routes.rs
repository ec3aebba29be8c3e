//! A route is in the API document, or it is named here.

use crate::repository::{files, none, shown, text};

/// Where a service gets its routes.
const PLACES: [&str; 2] = ["crates/adapters/http-api/src", "apps/api/src"];
/// What mounts a route past the document. Written in two parts, as in `sources`.
const MOUNTING: [(&str, &str); 6] = [
    (".rou", "te("),
    (".route_ser", "vice("),
    (".nest_ser", "vice("),
    (".fallback_ser", "vice("),
    ("Swagger", "Ui::new("),
    ("Router::", "new()"),
];
/// The pages that show the document, and what is answered of it while the server starts.
const UNDOCUMENTED: [&str; 3] = [
    ".route(DOCS_PATH, docs)",
    "SwaggerUi::new(DOCS_PATH)",
    "paths.fold(Router::new(), |router, path| router.route(&path, get(live)))",
];
/// What follows is no service.
const TESTS: &str = "mod tests {";

#[test]
fn every_route_but_the_pages_of_the_document_is_in_the_document() {
    let mut wrong = Vec::new();
    for file in PLACES.iter().flat_map(|place| files(place, ".rs")) {
        let text = text(&file);
        let service = text.lines().take_while(|line| *line != TESTS);
        for (number, line) in service.enumerate() {
            if mounts(line) && !UNDOCUMENTED.iter().any(|known| line.contains(known)) {
                let place = format!("{}:{}", shown(&file), number + 1);
                wrong.push(format!("{place}: mount it with `routes!`"));
            }
        }
    }
    none(&wrong);
}

fn mounts(line: &str) -> bool {
    let mut all = MOUNTING.iter();
    all.any(|(head, tail)| line.contains(&format!("{head}{tail}")))
}
