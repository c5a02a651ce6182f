using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.SinglingOut;

/// <summary>
/// Singling out (2211.10459, section 5.1): a description that fits exactly one synthetic row is used on real people, and succeeds when it
/// fits exactly one. Univariate descriptions name a value that occurs once, or an extreme; multivariate ones combine conditions on
/// several columns of one synthetic row. The baseline draws its conditions from all values, blindly.
/// </summary>
internal sealed class SinglingOutMetric(AttackTables tables)
{
    private const int FewestColumns = 3, MostColumns = 8;

    /// <summary>Random descriptions tried for each that is wanted: most fit more rows than one.</summary>
    private const int TriesOfQuery = 10;

    private readonly QueryBuilder builder = new(tables.Synthetic);

    public IReadOnlyList<AttackResult> Measure() => [Univariate(), Multivariate()];

    private AttackResult Univariate()
    {
        var random = new RandomState(tables.Seed + 11);
        var queries = builder.Unique().ToArray();
        random.Shuffle(queries.AsSpan());
        queries = queries[..Math.Min(queries.Length, tables.Budget.Targets)];
        var blind = Enumerable.Range(0, queries.Length).Select(_ => builder.Blind(1, random)).ToArray();
        return Attack("univariate", queries, blind);
    }

    private AttackResult Multivariate()
    {
        var random = new RandomState(tables.Seed + 12);

        // Half of what there is to know; of fewer conditions hardly any combination fits one row only.
        var columns = tables.Synthetic.Columns.Count;
        var width = Math.Min(columns, Math.Clamp(columns / 2, FewestColumns, MostColumns));
        var tries = Enumerable.Range(0, TriesOfQuery * tables.Budget.Targets)
            .Select(_ => builder.OfRow(random.Below(tables.Synthetic.RowCount), width, random))
            .ToArray();
        var fits = new bool[tries.Length];
        Parallel.For(0, tries.Length, tables.Context.Parallelism, i => fits[i] = tries[i].FitsOne(tables.Synthetic));
        var queries = tries.Where((_, i) => fits[i]).Take(tables.Budget.Targets).ToArray();
        var blind = Enumerable.Range(0, queries.Length).Select(_ => builder.Blind(width, random)).ToArray();
        return Attack("multivariate", queries, blind);
    }

    private AttackResult Attack(string variant, RowQuery[] queries, RowQuery[] blind) => new AttackTally(
        Hits(queries, tables.Train), queries.Length, Hits(queries, tables.Holdout), queries.Length, Hits(blind, tables.Train))
        .ToResult("singling_out", variant);

    private int Hits(RowQuery[] queries, EncodedTable people)
    {
        var hits = 0;
        Parallel.For(0, queries.Length, tables.Context.Parallelism, i =>
        {
            if (queries[i].FitsOne(people))
            {
                Interlocked.Increment(ref hits);
            }
        });
        return hits;
    }
}
