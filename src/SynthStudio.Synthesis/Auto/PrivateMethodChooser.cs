using SynthStudio.Synthesis.Marginals;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Auto;

/// <summary>
/// Chooses the method under privacy terms by what is public: columns, declared rows, epsilon and time; never by the data.
/// <para>Measured on Adult (14 and 15 columns, delta 1e-6) by <c>tools/bench private</c>, at rows x epsilon; below 48,842 one run each, with three
/// rounds of aim where now are two:</para>
/// <code>
/// rows x epsilon        mst                  tree                 aim
///                  2-way TV  TSTR       2-way TV  TSTR       2-way TV  TSTR
///   1,000 x 0.1      .69    .43           .80    .46           .58    .50
///   1,000 x 1        .26    .55           .33    .73           .32    .77
///   1,000 x 4        .15    .81           .17    .82           .17    .83
///   5,000 x 1        .11    .85           .13    .87           .12    .86
///   5,000 x 4        .070   .83           .065   .89           .064   .89
///  48,842 x 1        .044   .84           .030   .90           .030   .90
/// seconds (processor) 1                    2.5                  4
/// </code>
/// <para>Rounds pay off where noise is large, since later ones correct what earlier ones chose badly; elsewhere one shot is as good, faster, and its
/// work does not grow with rounds times pairs of columns.</para>
/// </summary>
internal static class PrivateMethodChooser
{
    /// <summary>More columns than this take rounds too long: every round counts every pair.</summary>
    private const int MostColumnsOfRounds = 30;

    /// <summary>Below so many rows times epsilon rounds are better than one shot.</summary>
    private const double FewRowsTimesEpsilon = 4_000;

    public static MethodChoice Choose(TableSchema schema, PrivacyTerms terms, TimeSpan? maxTime) =>
        Choose(schema.Columns.Count(c => c.Kind != ColumnKind.Ignored), terms, maxTime);

    /// <param name="columns">Columns that are not ignored.</param>
    /// <param name="terms">The promise.</param>
    /// <param name="maxTime">Time given; null when it is not limited.</param>
    public static MethodChoice Choose(int columns, PrivacyTerms terms, TimeSpan? maxTime)
    {
        var rows = terms.Rows is { } declared ? FormattableString.Invariant($"{declared:N0} declared rows") : "a number of rows that is not declared";
        var facts = FormattableString.Invariant($"for {columns} columns and {rows} at epsilon {terms.Epsilon:g3}.");
        if (maxTime is { } limit && limit < Seconds(CliqueTreeSynthesizer.Name, columns, terms))
            return Choice(MstSynthesizer.Name, $"the fastest of the private methods, since {limit.TotalSeconds:0} s were given, {facts}");
        if (columns > MostColumnsOfRounds) return Choice(CliqueTreeSynthesizer.Name, $"one shot, since rounds over all pairs of so many columns take too long, {facts}");
        return terms.Rows * terms.Epsilon < FewRowsTimesEpsilon
            ? Choice(AimSynthesizer.Name, $"pairs chosen in rounds were best measured where rows times epsilon are few, {facts}")
            : Choice(CliqueTreeSynthesizer.Name, $"a tree of cliques chosen in one shot was best measured, {facts}");

        MethodChoice Choice(string method, string why) => new($"{method}: {why}", new MethodCost(method, Seconds(method, columns, terms), 200L << 20));
    }

    /// <summary>Measured processor time on 15 columns, by pairs of columns; twice as long as measured.</summary>
    private static TimeSpan Seconds(string method, int columns, PrivacyTerms terms)
    {
        var pairs = columns * (columns - 1) / 2.0;
        var counting = 4e-9 * pairs * (terms.Rows ?? 100_000);
        return TimeSpan.FromSeconds(method switch
        {
            MstSynthesizer.Name => 1 + 0.01 * columns + counting,
            CliqueTreeSynthesizer.Name => 2 + 0.3 * columns + counting,
            _ => 3 + 0.04 * pairs + 3 * counting,
        });
    }
}
