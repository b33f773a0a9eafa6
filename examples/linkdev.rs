use palmares::link::*;
use palmares::model::mention::Mention;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let t = std::fs::read_to_string(&a[1]).unwrap();
    let m: Vec<Mention> = t
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let r = link(
        &m,
        &LinkOptions {
            floor: 1e-9,
            ..Default::default()
        },
    );
    let name = |id: &str| {
        let x = m.iter().find(|x| x.id == id).unwrap();
        format!(
            "{}:{} {:?} / {:?}",
            x.document.path, x.position, x.name, x.project
        )
    };
    for l in &r.links {
        let (x, y) = (name(&l.a), name(&l.b));
        if a[2..]
            .iter()
            .any(|p| x.contains(p.as_str()) && y.contains(p.as_str()))
        {
            println!(
                "{x} -- {y}\n  {:?} {:?} {:?} org {} prior {}",
                l.decision, l.because, l.blocked_by, l.organisation.weight, l.organisation.prior
            );
            for c in &l.organisation.contributions {
                println!("     {} {} {}", c.comparison, c.level, c.weight)
            }
            if let Some(k) = &l.laureate {
                println!("   lau {} ", k.weight)
            }
        }
    }
    println!("{} laureates {} links", r.laureates.len(), r.links.len());
}
