namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Cuts the values of a numeric column into cells. A value with the mass of a cell gets its own; values between those are gathered into
/// ranges of equal mass. Inside a range, values that enough rows share keep their share, the others are replaced by a piecewise uniform
/// density whose knots lie between observed values, a threshold of rows apart: no rare value is kept.
/// </summary>
internal sealed class NumericCellBuilder(double[] sorted, int threshold)
{
    /// <summary>A column with at most this many distinct values gets a cell for each one that is not rare.</summary>
    public const int MaxValueCells = 200;

    /// <summary>Most cells of equal mass that any other column gets.</summary>
    private const int MaxEqualMassCells = 1_024;

    /// <summary>Rows that a cell of equal mass should at least have: finer ones would be learned by heart.</summary>
    private const int RowsPerCell = 16;

    private readonly List<NumericCell> cells = [];
    private readonly List<(double Value, int Count, int Exact)> run = [];
    private readonly List<(double Value, int Count, int Exact)> distinct = [];
    private double runLow;
    private int runCount;

    /// <summary>Smallest value that may be reproduced: the threshold-th smallest one.</summary>
    public double Low { get; } = sorted[Math.Min(threshold, sorted.Length) - 1];

    /// <summary>Largest value that may be reproduced: the threshold-th largest one.</summary>
    public double High { get; } = sorted[Math.Max(sorted.Length - threshold, 0)];

    /// <summary>The cells in ascending order. <see cref="Low"/> must not exceed <see cref="High"/>.</summary>
    public List<NumericCell> Build()
    {
        CountDistinct();
        var mass = distinct.Count <= MaxValueCells ? threshold : Math.Max(threshold, Math.Max(RowsPerCell, (double)sorted.Length / MaxEqualMassCells));
        runLow = Low;
        for (var i = 0; i < distinct.Count; i++)
        {
            var (value, count, exact) = distinct[i];
            if (exact >= mass && exact >= threshold)
            {
                CloseRun(value);
                cells.Add(new NumericCell(count, [new NumericPiece(value, value, count)]));
                runLow = value;
                continue;
            }

            run.Add((value, count, exact));
            runCount += count;
            if (runCount >= mass) CloseRun(i + 1 < distinct.Count ? (value + distinct[i + 1].Value) / 2 : High);
        }

        CloseRun(High);
        return cells;
    }

    /// <summary>Distinct values between the protected ends. Rows beyond an end count there, but do not make it a frequent value.</summary>
    private void CountDistinct()
    {
        foreach (var raw in sorted)
        {
            var value = Math.Clamp(raw, Low, High);
            var exact = raw == value ? 1 : 0;
            if (distinct.Count > 0 && distinct[^1].Value == value)
                distinct[^1] = (value, distinct[^1].Count + 1, distinct[^1].Exact + exact);
            else
                distinct.Add((value, 1, exact));
        }
    }

    private void CloseRun(double high)
    {
        if (run.Count == 0) return;
        if (runCount < threshold && cells.Count > 0)
        {
            // Too few rows for a cell of their own: a part of the cell below.
            var below = cells[^1];
            cells[^1] = new NumericCell(below.Count + runCount, [.. below.Pieces, new NumericPiece(runLow, high, runCount)]);
        }
        else
        {
            cells.Add(new NumericCell(runCount, Pieces(high).ToArray()));
        }

        run.Clear();
        runCount = 0;
        runLow = high;
    }

    private IEnumerable<NumericPiece> Pieces(double high)
    {
        double low = runLow;
        var rare = 0;
        for (var i = 0; i < run.Count; i++)
        {
            var (value, count, exact) = run[i];
            if (exact >= threshold)
            {
                yield return new NumericPiece(value, value, count);
                continue;
            }

            rare += count;
            if (rare >= threshold && i + 1 < run.Count)
            {
                var knot = (value + run[i + 1].Value) / 2;
                yield return new NumericPiece(low, knot, rare);
                low = knot;
                rare = 0;
            }
        }

        if (rare > 0) yield return new NumericPiece(low, high, rare);
    }
}
