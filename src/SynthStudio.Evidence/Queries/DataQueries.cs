using SynthStudio.Evidence.Facts;

namespace SynthStudio.Evidence.Queries;

/// <summary>What the real tables tell of persons, and what is done with them.</summary>
public static class DataQueries
{
    private const string NoTables = "There is no real table.";

    public static FactQuery PersonalData { get; } = new("personal-data", "Which personal data are in the real tables?", facts =>
    {
        if (facts.Datasets.Count == 0) return Answer.NotApplicable(NoTables);
        var found = new List<Fact>();
        var gaps = new List<string>();
        foreach (var table in facts.Datasets)
        {
            var kinds = table.Columns.Where(c => c.Found.Count > 0).ToList();
            if (kinds.Count > 0)
            {
                found.Add(new Fact(
                    $"Found in {table.Label}: {Wording.List(kinds.Select(c => $"{c.Column} ({string.Join(", ", c.Found.Select(f => $"{f.Key.Replace('_', ' ')}, confidence at least {Wording.Number(f.Value)}"))})"))}.",
                    table.Source));
            }
            else if (table.IsExamined)
            {
                found.Add(new Fact($"No pattern of direct personal data was found in {table.Label}.", table.Source));
            }
            else
            {
                gaps.Add(table.IsWithheld ? $"{table.Label} was uploaded as withheld: it is not searched." : $"{table.Label} was not searched for personal data.");
            }
        }

        return found.Count == 0 ? Answer.NotMeasured(string.Join(" ", gaps)) : Answer.Of(found, gaps);
    }, IsInventory: true);

    public static FactQuery Marks { get; } = new("marks", "Has the owner said what each telling column is?", facts =>
    {
        if (facts.Datasets.Count == 0) return Answer.NotApplicable(NoTables);
        var found = new List<Fact>();
        var gaps = new List<string>();
        foreach (var table in facts.Datasets)
        {
            var marked = table.Columns.Where(c => c.Mark != ColumnFacts.Unspecified).ToList();
            if (marked.Count > 0)
            {
                found.Add(new Fact(
                    $"Marked in {table.Label}: {Wording.List(marked.Select(c => $"{c.Column} ({Words(c.Mark)})"))}.", table.Source with { Sha256 = null, Resource = $"{table.Name}/sensitivity" }));
            }

            var open = table.Columns
                .Where(c => c is { Mark: ColumnFacts.Unspecified } && c.Proposed is not (ColumnFacts.Unspecified or ColumnFacts.None))
                .ToList();
            if (open.Count > 0) gaps.Add($"{table.Label}: nobody has confirmed or corrected what was proposed for {Wording.List(open.Select(c => $"{c.Column} ({Words(c.Proposed)})"))}.");
            else if (marked.Count == 0 && !table.IsExamined) gaps.Add($"{table.Label}: no column is marked, and none was examined.");
            else if (marked.Count == 0) found.Add(new Fact($"Nothing in {table.Label} was proposed as telling of persons, and nothing is marked.", table.Source));
        }

        return Answer.Of(found, gaps);
    });

    public static FactQuery LearnedIdentifiers { get; } = new("learned-identifiers", "Do models learn direct identifiers with their values?", facts =>
    {
        var models = facts.Models.ToList();
        if (models.Count == 0) return Answer.NotApplicable("There is no model.");
        var bad = models.Where(g => g.LearnedIdentifiers is { Count: > 0 }).ToList();
        var unknown = models.Where(g => g.LearnedIdentifiers is null).ToList();
        Fact[] found =
        [
            .. models.Except([.. bad, .. unknown]).Select(g => new Fact($"{g.Label} learns no column with its values that is marked, or was found, as a direct identifier.", g.Source)),
        ];
        string[] gaps =
        [
            .. bad.Select(g => $"{g.Label} learns with their values: {Wording.List(g.LearnedIdentifiers!)}."), .. unknown.Select(g => $"{g.Label}: not measured, its table is not stored here."),
        ];
        return unknown.Count == models.Count ? Answer.NotMeasured(string.Join(" ", gaps)) : Answer.Of(found, gaps);
    });

    public static FactQuery Anonymity { get; } = new("k-anonymity", "Which columns together tell persons of the real tables apart?", facts =>
    {
        if (facts.Datasets.Count == 0) return Answer.NotApplicable(NoTables);
        var found = new List<Fact>();
        var (gaps, risks) = (new List<string>(), new List<string>());
        foreach (var table in facts.Datasets)
        {
            // The bytes of a table stay: what one count found is so, whatever another one of fewer sets does not find.
            if (table.Anonymity.OrderByDescending(a => (a.HasUniqueRows, a.HasSmallGroups, a.SetsCounted)).FirstOrDefault() is not { } count)
            {
                gaps.Add($"k-anonymity of {table.Label}: not measured.");
                continue;
            }

            var groups = count.HasUniqueRows ? "some leave rows alone" : count.HasSmallGroups ? "some leave groups of fewer than five rows" : "none leaves groups of fewer than five rows";
            found.Add(new Fact($"{Wording.Count(count.SetsCounted, "set")} of up to {Wording.Count(count.MostColumns, "column")} of {table.Label} were counted: {groups}.", count.Source));
            if (count.HasSmallGroups) risks.Add($"Persons in {table.Label} can be told apart by a few columns that others may know.");
        }

        return found.Count == 0 ? Answer.NotMeasured(string.Join(" ", gaps)) : Answer.Of(found, [.. risks, .. gaps]);
    });

    public static FactQuery SyntheticInstead { get; } = new("synthetic-instead", "Is there synthetic data to work with in place of the real rows?", facts =>
    {
        if (facts.Datasets.Count == 0) return Answer.NotApplicable(NoTables);
        var ready = facts.ReadyRows.ToList();
        if (ready.Count == 0) return Answer.Gapped("No synthetic rows were drawn: whoever needs rows has the real ones alone.");
        return Answer.Supports(
            new Fact($"{Wording.Count(ready.Count, "synthetic data set")} with {Wording.Count(ready.Sum(s => s.Rows), "row")}: {Wording.List(ready.Select(s => s.Label))}.", ready[0].Source),
            new Fact($"Real rows were looked at through the preview {Wording.Count(facts.Trail.CountOf(m => m is "DatasetService/GetDatasetPreview" or TrailFacts.AssistantLook + "preview_rows"), "time")}, all those of a table downloaded {Wording.Count(facts.Trail.RealDownloads, "time")} and exported {Wording.Count(facts.Trail.RealExports, "time")}.", facts.Trail.Source));
    });

    public static FactQuery Provenance { get; } = new("provenance", "Is it known which bytes, configuration and program each model comes from?", facts =>
    {
        var models = facts.Models.ToList();
        if (models.Count == 0) return Answer.NotApplicable("There is no model.");
        var imported = models.Where(g => g.Origin is not null).ToList();
        var made = models.Except(imported).ToList();
        var known = made.Where(g => g.CodeVersion is not null).ToList();
        return Answer.Of(
            [
                .. imported.Select(g => new Fact($"{g.Label}: {g.Method}, {g.Origin!.Label}, there {g.Origin.Generator}.", g.Source)),
                .. known.Select(g => new Fact($"{g.Label}: {g.Method}, {Learned(facts, g)}, configuration {g.ConfigFingerprint[..12]}…, program {g.CodeVersion}.", g.Source)),
            ],
            [
                .. imported.Select(g => $"{g.Label} was imported: of which rows it learned, nothing is stored here."),
                .. made.Except(known).Select(g => $"{g.Label}: the version of the program that trained it is not stored."),
            ]);
    });

    private static string Learned(ProjectFacts facts, GeneratorFacts model) => model.IsDeclared
        ? "made from what its configuration declares"
        : $"learned from {facts.Datasets.FirstOrDefault(d => d.Name == model.Dataset)?.Label ?? Labels.Short(model.Dataset)}";

    public static FactQuery Accuracy { get; } = new("accuracy", "Was it measured how true the synthetic rows are?", facts =>
    {
        var ready = facts.ReadyRows.ToList();
        if (ready.Count == 0) return Answer.NotApplicable("No synthetic rows were drawn.");
        var scored = facts.Evaluations.Where(e => e.Scores.Count > 0).ToLookup(facts.IsOfPresentModel);
        List<Fact> others = [.. scored[false].Select(e => new Fact($"{e.Label} is of rows of an earlier or unknown model and does not count.", e.Source))];
        if (!scored[true].Any()) return Answer.NotMeasured("No evaluation compares rows of a model that there is now with real ones.", others);
        var reports = scored[true].Select(e => new Fact($"{e.Label}: {(e.Headline.Length > 0 ? e.Headline : Figures(e))}", e.Source));
        var open = ready.Where(s => !facts.IsOfPresentModel(s) || !scored[true].Any(e => e.Scored == s.Name || e.Scored == s.Generator))
            .Select(s => facts.IsOfPresentModel(s) ? $"{s.Label} was not evaluated." : $"{s.Label} was drawn from an earlier or unknown model: nothing counts that was measured of it.");
        return Answer.Of([.. reports, .. others], [.. open]);
    });

    private static string Figures(EvaluationFacts evaluation) =>
        string.Join(", ", evaluation.Scores.Take(4).Select(s => $"{s.Key.Replace('_', ' ')} {Wording.Number(s.Value)}")) + ".";

    private static string Words(string sensitivity) =>
        string.Concat(sensitivity.Select((c, i) => char.IsUpper(c) ? (i > 0 ? " " : "") + char.ToLowerInvariant(c) : c.ToString()));
}
