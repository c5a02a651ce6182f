using System.Text.Json;
using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.GraphicalModel;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;

namespace SynthStudio.Synthesis.Marginals;

/// <summary>Tables over the cliques of a junction tree, and what turns their cells into values. Conditions are met by weighing cells: exactly.</summary>
internal sealed class MarginalModel : CellModel
{
    private const string TreeEntry = "tree.json", TablesEntry = "tables.bin";

    private readonly string method;
    private readonly MarkovModel model;
    private readonly ColumnCompression compression;
    private readonly float[][] cellShares;

    /// <param name="method">The method's name.</param>
    /// <param name="codec">How values become cells.</param>
    /// <param name="model">Calibrated, over merged cells.</param>
    /// <param name="compression">Which cells were merged.</param>
    /// <param name="cellShares">By modelled column, by cell: its share of the cell it was merged into.</param>
    /// <param name="metrics">What training measured.</param>
    /// <param name="privacy">What is promised.</param>
    /// <param name="threads">Blocks that are drawn side by side.</param>
    public MarginalModel(
        string method, TableCodec codec, MarkovModel model, ColumnCompression compression, float[][] cellShares,
        IReadOnlyDictionary<string, double> metrics, PrivacyStatement privacy, int threads)
        : base(codec, metrics, threads)
    {
        (this.method, this.model, this.compression, this.cellShares) = (method, model, compression, cellShares);
        Privacy = privacy;
    }

    public override string Method => method;

    /// <summary>Rounding keeps counts close to what the model expects only among rows that are drawn together.</summary>
    protected override int BlockRows => 1 << 18;

    protected override int FirstBlockRows => BlockRows;

    /// <summary>Reads what <see cref="CellModel.Save"/> wrote.</summary>
    /// <exception cref="SynthesisException">The entries do not fit together.</exception>
    public static MarginalModel Load(ModelPackage package, int threads)
    {
        try
        {
            var codec = TableCodec.FromJson(package[CodecEntry]);
            var stored = JsonSerializer.Deserialize<StoredTree>(package[TreeEntry]) ?? throw new JsonException("null");
            var tables = TensorFile.FromBytes(package[TablesEntry]).Tensors;
            var compression = ColumnCompression.From(stored.Codes);
            var tree = JunctionTree.OfNodes(compression.Domain, [.. stored.Nodes.Select(node => compression.Domain.Clique(node))]);
            var model = new MarkovModel(tree);
            for (var node = 0; node < tree.Nodes.Count; node++) Restore(model, node, tables[$"node.{node}"]);
            model.Calibrate();
            return new MarginalModel(
                package.Manifest.Method, codec, model, compression, [.. codec.Modelled.Select((_, c) => tables[$"cells.{c}"])],
                package.Manifest.Metrics, package.Manifest.PrivacyStatement ?? PrivacyStatement.None, threads);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidDataException
            or ArgumentException or IndexOutOfRangeException or ArithmeticException)
        {
            throw new SynthesisException(SynthesisError.PackageCorrupt, "The model package holds marginals that cannot be read.", inner: error);
        }
    }

    protected override IReadOnlyDictionary<string, byte[]> Entries()
    {
        var tables = new Dictionary<string, float[]>();
        for (var node = 0; node < model.Tree.Nodes.Count; node++) tables[$"node.{node}"] = Array.ConvertAll(model.Probabilities[node], p => (float)p);
        for (var c = 0; c < cellShares.Length; c++) tables[$"cells.{c}"] = cellShares[c];
        return new Dictionary<string, byte[]>
        {
            [TreeEntry] = JsonSerializer.SerializeToUtf8Bytes(
                new StoredTree([.. compression.Codes], [.. model.Tree.Nodes.Select(n => n.Attributes.ToArray())])),
            [TablesEntry] = new TensorFile { Tensors = tables }.ToBytes(),
        };
    }

    protected override ICellSampler Prepare(CellConditions conditions, double temperature, long seed)
    {
        var weighted = conditions.Any ? Conditioned(conditions) : model;
        return new MarginalSampler(weighted, compression, [.. cellShares.Select((shares, c) => Weighed(shares, conditions[c]))]);
    }

    /// <summary>The model given that cells are admitted by their shares.</summary>
    private MarkovModel Conditioned(CellConditions conditions)
    {
        var given = new MarkovModel(model.Tree);
        for (var node = 0; node < model.Tree.Nodes.Count; node++) Restore(given, node, Array.ConvertAll(model.Probabilities[node], p => (float)p));
        for (var c = 0; c < cellShares.Length; c++)
        {
            if (conditions[c] is not { } admitted) continue;
            var logarithms = new double[compression.Domain[c]];
            for (var cell = 0; cell < admitted.Length; cell++) logarithms[compression.Codes[c][cell]] += cellShares[c][cell] * admitted[cell];
            var single = compression.Domain.Clique([c]);
            var node = model.Tree.NodeOf(single);
            new Projection(compression.Domain, model.Tree.Nodes[node], single).Add(given.Potentials[node], Array.ConvertAll(logarithms, Math.Log));
        }

        try
        {
            given.Calibrate();
        }
        catch (ArithmeticException)
        {
            throw new SynthesisException(SynthesisError.ImpossibleCondition, "No row that the model can draw meets all the conditions together.");
        }

        return given;
    }

    /// <summary>Potentials of which the probabilities are the marginals: p(node | separator).</summary>
    private static void Restore(MarkovModel model, int node, float[] probabilities)
    {
        var (tree, potentials) = (model.Tree, model.Potentials[node]);
        if (probabilities.Length != potentials.Length) throw new InvalidDataException("A table has the wrong size.");
        var separator = new Projection(tree.Domain, tree.Nodes[node], tree.Separators[node]);
        var given = new double[separator.NarrowCells];
        var wide = Array.ConvertAll(probabilities, p => (double)p);
        separator.Sum(wide, given);
        for (var cell = 0; cell < wide.Length; cell++) potentials[cell] = Math.Log(wide[cell]);
        separator.Add(potentials, Array.ConvertAll(given, p => p > 0 ? -Math.Log(p) : 0));
    }

    private static double[] Weighed(float[] shares, double[]? admitted) => [.. shares.Select((share, cell) => share * (admitted?[cell] ?? 1))];

    private sealed record StoredTree(int[][] Codes, int[][] Nodes);
}
