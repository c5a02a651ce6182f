using SynthStudio.Evaluation.Accuracy;
using SynthStudio.Evaluation.Anonymity;
using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.AttributeDisclosure;

/// <summary>
/// Attribute disclosure (correct attribution, Elliot 2014; SDMetrics' DisclosureProtection): the attacker knows a person's
/// quasi-identifiers, finds the synthetic rows that have them, and takes their most frequent value of a secret column. Numbers count as
/// their QA bins. People whose quasi-identifiers no synthetic row has are not attempted. The baseline is the most frequent value of all.
/// </summary>
internal sealed class AttributeDisclosureMetric(AttackTables tables, IReadOnlyList<int> quasiIdentifiers)
{
    /// <param name="secrets">The columns to guess; quasi-identifiers among them are left out.</param>
    public IReadOnlyList<AttackResult> Measure(IReadOnlyList<int> secrets)
    {
        EncodedTable[] people = [tables.Synthetic, tables.Train, tables.Holdout];
        var bins = new Lazy<int[]>[tables.Synthetic.Columns.Count, people.Length];
        for (var column = 0; column < bins.GetLength(0); column++)
        {
            var cut = new Lazy<AccuracyBins>(CutOf(column));
            for (var t = 0; t < people.Length; t++)
            {
                var table = people[t];
                bins[column, t] = new Lazy<int[]>(() => cut.Value.Apply(table).Codes);
            }
        }

        var keys = Enumerable.Range(0, people.Length)
            .Select(t => EquivalenceClasses.Keys([.. quasiIdentifiers.Select(column => bins[column, t].Value)])).ToArray();
        return [.. secrets.Except(quasiIdentifiers).Select(secret =>
            Guess(secret, keys, [.. Enumerable.Range(0, people.Length).Select(t => bins[secret, t].Value)]))];
    }

    private Func<AccuracyBins> CutOf(int column) => () => new AccuracyBins(column, [tables.Context.Train]);

    private AttackResult Guess(int secret, string[][] keys, int[][] values)
    {
        var guessOf = keys[0].Zip(values[0]).GroupBy(pair => pair.First, pair => pair.Second).ToDictionary(group => group.Key, MostFrequent);
        var blind = MostFrequent(values[0]);
        var (attempts, hits, blindHits) = Try(1);
        var (controlAttempts, controlHits, _) = Try(2);
        return new AttackTally(hits, attempts, controlHits, controlAttempts, blindHits)
            .ToResult("attribute_disclosure", tables.Synthetic.Columns[secret].Name);

        (int Attempts, int Hits, int BlindHits) Try(int table)
        {
            var found = keys[table].Zip(values[table]).Where(pair => guessOf.ContainsKey(pair.First)).ToArray();
            return (found.Length, found.Count(pair => guessOf[pair.First] == pair.Second), found.Count(pair => pair.Second == blind));
        }
    }

    /// <summary>The most frequent value, the smallest of several.</summary>
    private static int MostFrequent(IEnumerable<int> values) =>
        values.GroupBy(value => value).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
}
