using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>
/// Whether a moment closely follows another one in all rows of a table that is read chunk by chunk. Every row is looked at for the order
/// of the two, a random part of the rows for how much they vary.
/// </summary>
/// <param name="pair">The two, as found in some of the rows.</param>
internal sealed class PairEvidence(InequalityConstraint pair)
{
    /// <summary>Rows whose moments are held, at most.</summary>
    private const int MostHeld = 65_536;

    private readonly SeededStream random = new(0, StreamPurpose.PairRows, 0);
    private readonly List<(double High, double Difference)> held = [];
    private long rows;
    private bool isBroken;

    public InequalityConstraint Pair => pair;

    /// <summary>Whether it does in the rows so far.</summary>
    public bool Holds => !isBroken && held.Count > 0
        && MomentPairs.AreClose([.. held.Select(row => row.Difference)], [.. held.Select(row => row.High)]);

    /// <summary>Looks at further rows.</summary>
    public void Add(Table table)
    {
        double[] low = ((NumericColumn)table[pair.Low]).Values, high = ((NumericColumn)table[pair.High]).Values;
        for (var row = 0; row < low.Length && !isBroken; row++)
        {
            isBroken = double.IsNaN(low[row]) || high[row] < low[row];
            if (!isBroken && !double.IsNaN(high[row])) Hold((high[row], high[row] - low[row]));
        }
    }

    /// <summary>Reservoir sampling: of all rows so far each is held with the same probability.</summary>
    private void Hold((double High, double Difference) moments)
    {
        rows++;
        if (held.Count < MostHeld)
        {
            held.Add(moments);
            return;
        }

        var place = (long)(random.NextDouble() * rows);
        if (place < MostHeld) held[(int)place] = moments;
    }
}
