using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Cells;

/// <summary>What the cells of a column mean to methods that compare them.</summary>
/// <param name="Ordered">Whether cells ascend with the values they stand for, the missing one aside.</param>
/// <param name="MissingCell">The cell of missing values; -1 when there is none.</param>
/// <param name="Ranges">By cell: whether it is a range of values rather than one value.</param>
internal sealed record CellOrder(bool Ordered, int MissingCell, bool[] Ranges)
{
    public static CellOrder Of(ColumnCodec codec)
    {
        var cells = codec.Layout.Cells;
        return codec is NumericCodec numeric
            ? new CellOrder(
                true, numeric.MissingCount > 0 ? cells - 1 : -1,
                [.. Enumerable.Range(0, cells).Select(cell => cell < numeric.Cells.Length && !IsOneValue(numeric.Cells[cell]))])
            : new CellOrder(false, -1, new bool[cells]);
    }

    private static bool IsOneValue(NumericCell cell) => cell.Pieces.Length == 1 && cell.Pieces[0].Low == cell.Pieces[0].High;
}
