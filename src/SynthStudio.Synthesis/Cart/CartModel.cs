using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;

namespace SynthStudio.Synthesis.Cart;

/// <summary>One tree a column, in the order of drawing.</summary>
internal sealed class CartModel : CellModel
{
    private const string TreesEntry = "trees.bin", SmoothingMetric = "smoothing";

    private readonly ColumnOrder order;
    private readonly Tree[] trees;
    private readonly LeafDraw[] draws;
    private readonly PredictorBins[] shapes;

    public CartModel(TableCodec codec, ColumnOrder order, Tree[] trees, bool smoothing, IReadOnlyDictionary<string, double> metrics, int threads)
        : base(codec, new Dictionary<string, double>(metrics) { [SmoothingMetric] = smoothing ? 1 : 0 }, threads)
    {
        (this.order, this.trees) = (order, trees);
        var columns = codec.Modelled.Select(c => codec.Columns[c]).Select(column => (column.Layout, Order: CellOrder.Of(column))).ToArray();
        draws = [.. columns.Select(column => new LeafDraw(column.Layout, column.Order, smoothing))];
        shapes = [.. columns.Select(column => PredictorBins.Create(column.Layout, column.Order))];
    }

    public override string Method => CartSynthesizer.Name;

    /// <exception cref="SynthesisException">The package does not fit together.</exception>
    public static CartModel Load(ModelPackage package, int threads)
    {
        var codec = TableCodec.FromJson(package[CodecEntry]);
        try
        {
            var (order, trees) = TreeStore.Read(package[TreesEntry], [.. codec.Modelled.Select(c => codec.Columns[c].Layout.Cells)]);
            var metrics = package.Manifest.Metrics;
            return new CartModel(codec, order, trees, metrics.GetValueOrDefault(SmoothingMetric) > 0, metrics, threads);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new SynthesisException(SynthesisError.PackageCorrupt, $"The trees in the model package are damaged: {error.Message}", inner: error);
        }
    }

    protected override IReadOnlyDictionary<string, byte[]> Entries() =>
        new Dictionary<string, byte[]> { [TreesEntry] = TreeStore.Write(order, trees) };

    protected override ICellSampler Prepare(CellConditions conditions, double temperature, long seed) =>
        new CartSampler(order, trees, draws, shapes, conditions);
}
