using SynthStudio.Evaluation.Accuracy;
using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Anonymity;

/// <summary>k-anonymity, k-map (Sweeney 2002) and l-diversity (Machanavajjhala 2007) of the quasi-identifiers.</summary>
internal sealed class AnonymityMetric(EvaluationContext context, IReadOnlyList<int> quasiIdentifiers, bool areGuessed, int? sensitive)
{
    private const int FewPeople = 5;

    private readonly AccuracyBins[] bins = [.. quasiIdentifiers.Select(column => new AccuracyBins(column, [context.Train]))];
    private readonly AccuracyBins? sensitiveBins = sensitive is { } column ? new AccuracyBins(column, [context.Train]) : null;

    public AnonymityResult Measure(EncodedTable synthetic, EncodedTable? holdout) => new(
        [.. quasiIdentifiers.Select(column => context.Columns[column].Name)],
        areGuessed,
        Crowds(synthetic),
        holdout is null ? null : Crowds(holdout));

    private CrowdSizes Crowds(EncodedTable table)
    {
        var keys = Keys(table);
        var people = Keys(context.Train).CountBy(key => key).ToDictionary();
        var classes = Enumerable.Range(0, keys.Length).GroupBy(row => keys[row]).Select(group => group.ToArray()).ToArray();
        var maps = Array.ConvertAll(keys, key => people.GetValueOrDefault(key));
        var values = sensitiveBins?.Apply(table).Codes;
        var large = values is null
            ? []
            : classes.Where(rows => rows.Length >= FewPeople)
                .Select(rows => (rows.Length, Values: rows.Select(row => values[row]).Distinct().Count()))
                .ToArray();
        return new CrowdSizes(
            classes.Min(rows => rows.Length),
            Share(classes.Where(rows => rows.Length == 1).Sum(rows => rows.Length)),
            maps.Any(map => map > 0) ? maps.Where(map => map > 0).Min() : null,
            Share(maps.Count(map => map == 1)),
            Share(maps.Count(map => map is >= 1 and < FewPeople)),
            sensitive is { } at ? context.Columns[at].Name : null,
            large.Length > 0 ? large.Min(c => c.Values) : null,
            values is null ? null : Share(large.Where(c => c.Values == 1).Sum(c => c.Length)));

        double Share(int rows) => (double)rows / keys.Length;
    }

    private string[] Keys(EncodedTable table) => EquivalenceClasses.Keys(Array.ConvertAll(bins, cut => cut.Apply(table).Codes));
}
