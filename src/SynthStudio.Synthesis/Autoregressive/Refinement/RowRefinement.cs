using SynthStudio.Synthesis.Cart;
using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>
/// What corrects drawn rows, column by column: where trees can tell drawn values from real ones, several candidates are drawn and one is chosen
/// in proportion to how much more frequent it is among real rows. Where nothing can be told apart, the network is left alone.
/// </summary>
/// <param name="Shapes">By column: the bins that trees look at.</param>
/// <param name="Refiners">By column; null where the network needs no correction.</param>
/// <param name="Resamplers">Draw columns of two values again once rows are complete, one after the other.</param>
internal sealed record RowRefinement(PredictorBins[] Shapes, ColumnRefiner?[] Refiners, ColumnResampler[] Resamplers)
{
    /// <summary>Nothing corrected.</summary>
    public static RowRefinement None(TableCodec codec)
    {
        var columns = codec.Modelled.Select(c => codec.Columns[c]).ToArray();
        return new RowRefinement(
            Array.ConvertAll(columns, column => PredictorBins.Create(column.Layout, CellOrder.Of(column))), new ColumnRefiner?[columns.Length], []);
    }
}
