using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.DpSgd.Domain;

/// <summary>
/// Public bins of a declared numeric column: a bin for each value where there are few, else ranges of equal width between the declared bounds,
/// and beside them a grid of all values, on which frequent ones can be told from the rest.
/// </summary>
internal sealed class NumericBins
{
    /// <summary>A column with at most this many possible values gets a bin for each.</summary>
    public const int MostValueBins = 128;

    private const int DefaultRanges = 64;

    /// <summary>Most values that frequent ones are looked for among.</summary>
    private const int MostGridValues = 1 << 17;

    private readonly double low, high;
    private readonly int ranges;

    public NumericBins(ColumnDomain domain)
    {
        Grid = DeclaredCodec.Grid(domain);
        (low, high) = (Grid.AtLeast(domain.Min!.Value), Grid.AtMost(domain.Max!.Value));
        var values = Grid.Step > 0 ? Math.Round((high - low) / Grid.Step) + 1 : double.PositiveInfinity;
        GridValues = values <= MostGridValues ? (int)values : 0;
        ByValue = values <= Math.Max(domain.Bins ?? 0, MostValueBins);
        ranges = ByValue ? GridValues : domain.Bins ?? DefaultRanges;
    }

    public NumericGrid Grid { get; }

    public double Low => low;

    public double High => high;

    /// <summary>Whether a bin is a value.</summary>
    public bool ByValue { get; }

    /// <summary>Number of bins.</summary>
    public int Count => ranges;

    /// <summary>Number of possible values; 0 when there are too many to look at each.</summary>
    public int GridValues { get; }

    /// <summary>The bin of a value; beyond a bound it is the outermost one.</summary>
    public int Of(double value) => ByValue ? GridIndex(value) : (int)Math.Clamp((value - low) / (high - low) * ranges, 0, ranges - 1);

    /// <summary>The place of a value on the grid.</summary>
    public int GridIndex(double value) => (int)Math.Clamp(Math.Round((value - low) / Grid.Step), 0, GridValues - 1);

    /// <summary>The value at a place of the grid.</summary>
    public double GridValue(int index) => Grid.Snap(low + index * Grid.Step);

    /// <summary>Where a range begins; the number of ranges gives the end of the last.</summary>
    public double Edge(int range) => range == ranges ? high : low + (high - low) * range / ranges;
}
