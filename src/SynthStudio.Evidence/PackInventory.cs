using SynthStudio.Evidence.Documents;
using SynthStudio.Evidence.Facts;
using SynthStudio.Evidence.Queries;

namespace SynthStudio.Evidence;

/// <summary>What is in the project, as tables.</summary>
internal static class PackInventory
{
    public static Section Of(ProjectFacts facts) => new("What is there",
    [
        new Heading("Real tables"),
        List(
            facts.Datasets, ["Data set", "Name", "Made", "Rows", "State", "Stored encrypted"],
            d =>
            [
                d.Name, d.DisplayName, Time(d.Source), d.IsWithheld ? "withheld" : Number(d.Rows), d.State,
                d.IsEncrypted switch { true => "yes", false => "no", null => "" }
            ]),
        new Heading("Generators"),
        List(
            facts.Generators, ["Generator", "Name", "Changed", "State", "Method", "Learned from", "Promise"],
            g =>
            [
                g.Name, g.DisplayName, Time(g.Source), g.State, g.Method,
                g.Origin?.Label ?? (g.IsDeclared ? "no data" : g.Dataset),
                g.ModelSha256 is null ? "no model"
                    : g.Promise is { } p ? $"epsilon {Wording.Number(p.Epsilon)}, delta {Wording.Number(p.Delta)}" : "none"
            ]),
        new Heading("Synthetic data sets"),
        List(
            facts.SyntheticDatasets, ["Synthetic data set", "Name", "Changed", "Rows", "Drawn from", "Its model", "State"],
            s =>
            [
                s.Name, s.DisplayName, Time(s.Source), Number(s.Rows), s.Generator,
                s.State != SyntheticFacts.Ready ? "" : facts.IsOfPresentModel(s) ? "as it is now" : "earlier or unknown",
                s.State
            ]),
        new Heading("Evaluations"),
        Evaluations(facts.Evaluations.Where(facts.IsOfPresentModel)),
        .. facts.Evaluations.Where(e => !facts.IsOfPresentModel(e)).ToList() is { Count: > 0 } others
            ? [new Heading("Evaluations of an earlier or unknown model"), new Paragraph("They count for no control: no model that there is now drew what they measured, or nobody noted which one did.", Tone.Faint), Evaluations(others)]
            : Array.Empty<Block>(),
        new Heading("Members"),
        List(
            facts.Access.Members, ["Principal", "Role", "Kind", "Second factor at sign-in by password", "Other sign-in"],
            m =>
            [
                m.Principal, m.Role, m.IsProgram ? "service account" : "person",
                m.IsProgram ? "" : m.HasAccount ? m.HasSecondFactor ? "yes" : "no" : "no password",
                string.Join(", ", m.SignInProviders)
            ]),
    ]);

    private static Block Evaluations(IEnumerable<EvaluationFacts> evaluations) => List(
        [.. evaluations], ["Report", "Made", "Of", "Beside", "Attacks", "Alarms"],
        e =>
        [
            e.Name, Time(e.Source), e.Scored, e.Dataset,
            e.WasAttacked ? Number(e.Attacks.Count) : "not measured",
            e.Tests.Count > 0 ? Number(e.Tests.Count(t => t.IsAlarm)) : "not measured"
        ]);

    private static Block List<T>(IReadOnlyList<T> items, string[] columns, Func<T, IReadOnlyList<Cell>> row) =>
        items.Count == 0 ? new Paragraph("None.") : new Table(columns, [.. items.Select(row)]);

    private static string Time(FactSource source) => source.Time is { } time ? PackDocument.Time(time) : "";

    private static string Number(long? number) => number is { } known ? PackDocument.Number(known) : "not known";
}
