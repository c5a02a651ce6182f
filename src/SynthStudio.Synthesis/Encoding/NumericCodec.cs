using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>Numbers, dates and times: cells of values, with scalar features of each; see <see cref="NumericCellBuilder"/>.</summary>
/// <param name="schema">The column.</param>
/// <param name="cells">Cells in ascending order.</param>
/// <param name="grid">The values that may be written.</param>
/// <param name="low">Smallest value that may be written; more extreme ones are protected.</param>
/// <param name="high">Largest value that may be written.</param>
/// <param name="missingCount">Training rows without a value.</param>
[method: JsonConstructor]
public sealed class NumericCodec(ColumnSchema schema, NumericCell[] cells, NumericGrid grid, double low, double high, long missingCount)
    : ColumnCodec(schema)
{
    /// <summary>
    /// So much of a unit may be missing between a value asked for and the one that is written: arithmetic on floating
    /// point, not another value.
    /// </summary>
    private const double Slack = 1e-4;

    /// <summary>Greatest magnitude that is learned: squares of more, summed over rows, are beyond what a double holds.</summary>
    internal const double Largest = 1e150;

    private ColumnLayout? layout;
    private double[]? lowerEdges;

    public NumericCell[] Cells { get; } = cells;

    public NumericGrid Grid { get; } = grid;

    public double Low { get; } = low;

    public double High { get; } = high;

    public long MissingCount { get; } = missingCount;

    [JsonIgnore]
    public override ColumnLayout Layout => layout ??= NumericLayout.Create(Cells, MissingCount);

    protected override int MissingCell => MissingCount > 0 ? Cells.Length : -1;

    /// <summary>
    /// Learns the cells. A column with fewer values than the threshold is learned as missing throughout; with fewer than twice as many, as one
    /// range between the means of its <paramref name="threshold"/> smallest and largest values.
    /// </summary>
    /// <exception cref="SynthesisException">What would be written reaches beyond <see cref="Largest"/>.</exception>
    public static NumericCodec Fit(NumericColumn column, int threshold)
    {
        var sorted = Array.FindAll(column.Values, value => !double.IsNaN(value));
        Array.Sort(sorted);
        if (sorted.Length < threshold || sorted.Length == 0)
            return new NumericCodec(column.Schema, [], default, 0, 0, column.Count);

        var places = column.Schema.Kind == ColumnKind.Decimal ? column.Schema.DecimalPlaces : column.Schema.Kind == ColumnKind.Integer ? 0 : null;
        var grid = NumericGrid.Find(Distinct(sorted), places);
        var missing = column.Count - sorted.Length;
        if (sorted.Length < 2 * threshold && sorted[0] != sorted[^1])
        {
            // Each end averages as many rows as a value needs to be shown.
            double low = grid.Snap(sorted[..threshold].Average()), high = grid.Snap(sorted[^threshold..].Average());
            DemandLearnable(column.Schema, low, high);
            return new NumericCodec(column.Schema, [new NumericCell(sorted.Length, [new NumericPiece(low, high, sorted.Length)])], grid, low, high, missing);
        }

        var builder = new NumericCellBuilder(sorted, threshold);
        DemandLearnable(column.Schema, builder.Low, builder.High);
        return new NumericCodec(column.Schema, [.. builder.Build()], grid, builder.Low, builder.High, missing);
    }

    public override ushort[] Encode(Column column)
    {
        var missing = (ushort)Math.Max(MissingCell, 0);
        return Array.ConvertAll(((NumericColumn)column).Values, value => double.IsNaN(value) || Cells.Length == 0 ? missing : CellOf(value));
    }

    public override Column Decode(ReadOnlySpan<ushort> cells, SeededStream random, long firstRow, long seed)
    {
        var values = new double[cells.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // Two numbers a row whatever the cell, so that a row's value depends on its own cell only.
            double choice = random.NextDouble(), inside = random.NextDouble();
            values[i] = cells[i] < Cells.Length ? Draw(Cells[cells[i]], choice, inside) : double.NaN;
        }

        return new NumericColumn(Schema, values);
    }

    /// <summary>
    /// Log of the share of a value in its cell, in steps of the grid: a cell's probability times it is a density. Minus infinity for a value that is
    /// never written: beyond the range, or in no piece of a cell.
    /// </summary>
    internal double LogShare(double value) =>
        value < Low || value > High ? double.NegativeInfinity : Math.Log(Cells[CellOf(value)].ShareOf(value, Grid.Quantum));

    /// <summary>How many steps of the grid the range is wide, at least 1.</summary>
    internal double WidthInSteps() => Math.Max(1, (High - Low) / Grid.Quantum);

    /// <summary>Whether a value, NaN when missing, meets a condition.</summary>
    public Predicate<double> Meets(Condition condition) => ConditionNumbers.Meets(Schema, condition);

    protected override Admission AdmitValues(IReadOnlyList<string> values)
    {
        var written = new WrittenValues(Schema);
        return AdmitNumbers([.. values.Select(text => Written(text, written)).Distinct()]);
    }

    /// <summary>What the model drew is admitted as it is.</summary>
    protected override Admission AdmitLike(string? drawn) => drawn is null ? base.AdmitLike(drawn) : AdmitNumbers([Parse(drawn)]);

    private Admission AdmitNumbers(List<double> numbers)
    {
        if (Cells.Length == 0 || numbers.Exists(value => value < Low || value > High))
            throw Impossible(FormattableString.Invariant($"a value asked for lies outside the range that the model knows, {Low} to {High}."));
        var (cells, shares) = NumericAdmission.Values(Cells, numbers.ToLookup(value => (int)CellOf(value)), Grid.Quantum);
        return Admitted(cells, shares, Low, High);
    }

    protected override Admission AdmitRange(RangeCondition range)
    {
        var low = range.Low is { } below ? Parse(below.Value) : double.NegativeInfinity;
        var high = range.High is { } above ? Parse(above.Value) : double.PositiveInfinity;
        var meets = Meets(range);

        // The smallest and largest value that may be written; a density counts to halfway to the next that may not.
        var (first, last) = (Grid.AtLeast(Math.Max(low, Low)), Grid.AtMost(Math.Min(high, High)));
        if (!meets(first)) first = Grid.Next(first, 1);
        if (!meets(last)) last = Grid.Next(last, -1);
        var (cells, shares) = NumericAdmission.Ranges(Cells, meets, [(first - Grid.Step / 2, last + Grid.Step / 2)]);
        return Admitted(cells, shares, first, last);
    }

    private protected override Admission AdmitRanges(RangesCondition ranges)
    {
        var (cells, shares) = NumericAdmission.Ranges(Cells, Meets(ranges), ranges.Ranges);
        return Admitted(cells, shares, Low, High);
    }

    private Admission Admitted(NumericCell[] cells, double[] shares, double low, double high) =>
        new([.. shares, .. new double[Layout.Cells - cells.Length]], new NumericCodec(Schema, cells, Grid, low, high, MissingCount));

    /// <summary>A value asked for, as it will be written.</summary>
    /// <exception cref="SynthesisException">It would be written as another one: it has more places, or is more precise, than the column.</exception>
    private double Written(string text, WrittenValues written)
    {
        var value = Parse(text);
        var kept = written.Of(value);
        var unit = Schema.Kind == ColumnKind.Decimal && Schema.DecimalPlaces is { } places ? Math.Pow(10, -places) : 1;
        return Math.Abs(value - kept) <= Slack * unit
            ? kept
            : throw Impossible($"'{text}' would be written as {CellText.OfNumber(Schema, kept)}: ask for a value such as the column holds, or for a range.");
    }

    private double Parse(string text) => ConditionNumbers.Read(Schema, text);

    private double Draw(NumericCell cell, double choice, double inside)
    {
        var pieces = cell.Pieces;
        var left = choice * cell.Count;
        var p = 0;
        while (p < pieces.Length - 1 && left >= pieces[p].Weight) left -= pieces[p++].Weight;
        var piece = pieces[p];
        return piece.Low == piece.High
            ? piece.Low
            : Math.Clamp(Grid.Snap(piece.Low + inside * (piece.High - piece.Low)), Low, High);
    }

    private ushort CellOf(double value)
    {
        lowerEdges ??= Array.ConvertAll(Cells, cell => cell.Pieces.Min(piece => piece.Low));
        var index = Array.BinarySearch(lowerEdges, value);
        if (index < 0) return (ushort)Math.Max(~index - 1, 0);

        // A value's own cell begins where the range below it ends: of cells with the same lower edge take the one that is that value.
        while (index > 0 && lowerEdges[index - 1] == value) index--;
        for (var i = index; i < Cells.Length && lowerEdges[i] == value; i++)
        {
            if (Cells[i].Pieces[0].Low == Cells[i].Pieces[0].High) return (ushort)i;
        }

        return (ushort)index;
    }

    private static void DemandLearnable(ColumnSchema column, double low, double high)
    {
        if (Math.Abs(low) <= Largest && Math.Abs(high) <= Largest) return;
        throw new SynthesisException(
            SynthesisError.Unsupported,
            FormattableString.Invariant($"Column '{column.Name}' has numbers beyond {Largest:g} in magnitude, which are not learned. Where they mean a missing value, ")
            + "list them in the schema file as its missing_markers; else give it in a larger unit, or declare it as ignored.",
            column.Name);
    }

    private static double[] Distinct(double[] sorted)
    {
        var distinct = new List<double>(Math.Min(sorted.Length, 1 << 16));
        foreach (var value in sorted)
        {
            if (distinct.Count == 0 || distinct[^1] != value) distinct.Add(value);
        }

        return [.. distinct];
    }
}
