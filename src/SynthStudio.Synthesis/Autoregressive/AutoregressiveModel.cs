using System.Text.Json;
using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Operations;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>A table learned by the order-agnostic autoregressive network. Draws on the CPU, wherever it was trained.</summary>
internal sealed class AutoregressiveModel : ITabularModel, IImputer, IPredictor, IRowScorer
{
    private const string RefinementEntry = "refinement.bin", ResamplersEntry = "resamplers.bin";

    private readonly TableCodec codec;
    private readonly NetworkShape shape;
    private readonly float[] weights;
    private readonly int threads;
    private readonly int[][] passes;
    private readonly RowRefinement refinement;
    private readonly AutoregressiveSampler sampler;

    /// <param name="codec">How values become cells.</param>
    /// <param name="network">The network, and the columns of each pass through it when rows are drawn.</param>
    /// <param name="weights">Its parameters, in the layout's order.</param>
    /// <param name="refinement">Corrects what the network draws.</param>
    /// <param name="metrics">What training measured.</param>
    /// <param name="threads">Blocks that are drawn side by side; 0 means one a core.</param>
    /// <param name="method">The method that trained it.</param>
    /// <param name="privacy">What it promises; null is nothing.</param>
    public AutoregressiveModel(
        TableCodec codec, (InferenceNetwork Network, int[][] Passes) network, float[] weights, RowRefinement refinement,
        IReadOnlyDictionary<string, double> metrics, int threads, string method = AutoregressiveSynthesizer.Name, PrivacyStatement? privacy = null)
    {
        (this.codec, this.weights, this.refinement, Metrics) = (codec, weights, refinement, metrics);
        (shape, passes) = (network.Network.Shape, network.Passes);
        (Method, Privacy) = (method, privacy ?? PrivacyStatement.None);
        this.threads = CellTable.Threads(threads);
        sampler = new AutoregressiveSampler(network.Network, passes, refinement);
    }

    /// <summary>How values become cells.</summary>
    public TableCodec Codec => codec;

    /// <summary>The network's sizes.</summary>
    public NetworkShape Shape => shape;

    /// <summary>The network's parameters, in the layout's order.</summary>
    public float[] Weights => weights;

    public string Method { get; }

    public PrivacyStatement Privacy { get; }

    public TableSchema Schema => codec.Schema;

    public IReadOnlyDictionary<string, double> Metrics { get; }

    public IEnumerable<Table> Sample(SampleRequest request, CancellationToken cancellation)
    {
        SampleRequests.Validate(request, Method);
        var conditions = new CellConditions(codec, request.Given);
        var beginnings = new RowBeginnings(codec, sampler, request, conditions);
        var blocks = beginnings
            .Begin(SampleBlock.Cut(request.Rows, request.ExpectedRows ?? request.Rows, request.FirstRow))
            .Select(begun => new Func<Table>(() =>
            {
                var random = new SeededStream(request.Seed, StreamPurpose.SampledTokens, begun.Block.Number);
                var cells = begun.Cells();
                sampler.Complete(cells, beginnings.Shares, request.Temperature, random, cancellation);
                return Decode(cells, begun.Block, request.Seed, conditions);
            }));
        return Chunks.Resize(OrderedWork.Run(blocks, threads, cancellation), request.FirstChunkRows, request.ChunkRows);
    }

    /// <summary>The codec, for a training that goes on with a table of the same columns: only what fresh keys keep clear of is learned anew.</summary>
    /// <exception cref="SynthesisException">The table has other columns.</exception>
    public TableCodec CodecFor(Table table, FitRequest request, CancellationToken cancellation)
    {
        foreach (var column in codec.Schema.Columns)
        {
            if (table.Schema.Columns.FirstOrDefault(c => c.Name == column.Name)?.Kind != column.Kind)
                throw new SynthesisException(SynthesisError.TableMismatch, $"The model to start from has a column '{column.Name}' of kind {column.Kind}; the table has none.", column.Name);
        }

        return codec.KeepingClearOf(KeyRows.Of(table, request, cancellation));
    }

    public Table Impute(Table table, long seed, CancellationToken cancellation) =>
        new Imputation(codec, sampler, refinement, threads).Run(table, seed, cancellation);

    public IEnumerable<Prediction> Predict(Table table, string column, IReadOnlyList<double> quantiles, CancellationToken cancellation) =>
        new ColumnPrediction(codec, sampler, refinement, threads).Run(table, column, quantiles, cancellation);

    public double[] LogLikelihood(Table table, int orders, long seed, CancellationToken cancellation) =>
        new RowLikelihood(codec, sampler, threads).Run(table, orders, seed, cancellation);

    public void Save(Stream destination, PackageFacts facts)
    {
        var tensors = new TensorFile { Tensors = { ["weights"] = weights } };
        ModelPackage.Write(destination, Method, Schema, facts, Metrics, new Dictionary<string, byte[]>
        {
            ["network.json"] = JsonSerializer.SerializeToUtf8Bytes(new NetworkSizes(shape.Width, shape.Blocks, passes)),
            ["codec.json"] = codec.ToJson(),
            ["weights.bin"] = tensors.ToBytes(),
            [RefinementEntry] = RefinementStore.Write(refinement),
            [ResamplersEntry] = ResamplerStore.Write(refinement.Resamplers),
        }, Privacy);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="SynthesisException">The package does not fit together.</exception>
    public static AutoregressiveModel Load(ModelPackage package, int threads)
    {
        try
        {
            var sizes = JsonSerializer.Deserialize<NetworkSizes>(package["network.json"])!;
            var codec = TableCodec.FromJson(package["codec.json"]);
            var shape = new NetworkShape(new TokenLayout([.. codec.Modelled.Select(c => codec.Columns[c].Layout)]), sizes.Width, sizes.Blocks);
            var weights = TensorFile.FromBytes(package["weights.bin"]).Tensors["weights"];
            if (weights.LongLength != shape.Parameters.Count) throw new InvalidDataException("The number of weights does not match the network.");
            if (sizes.Passes?.SelectMany(pass => pass).Order().SequenceEqual(Enumerable.Range(0, shape.Tokens.Count)) == false
                || sizes.Passes?.Any(pass => pass.Length == 0) == true)
            {
                throw new InvalidDataException("The passes do not draw every column once.");
            }

            var network = new InferenceNetwork(shape, weights);
            var passes = sizes.Passes ?? PassPlan.Choose(network);

            // Packages of before there were refiners, or columns drawn again, have none.
            var refinement = package.Manifest.Entries.ContainsKey(RefinementEntry)
                ? RefinementStore.Read(package[RefinementEntry], codec, [.. passes.SelectMany(pass => pass)])
                : RowRefinement.None(codec);
            if (package.Manifest.Entries.ContainsKey(ResamplersEntry))
                refinement = refinement with { Resamplers = ResamplerStore.Read(package[ResamplersEntry], codec) };
            return new AutoregressiveModel(
                codec, (network, passes), weights, refinement, package.Manifest.Metrics, threads, package.Manifest.Method, package.Manifest.PrivacyStatement);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or KeyNotFoundException)
        {
            throw new SynthesisException(SynthesisError.PackageCorrupt, $"The model package is damaged: {error.Message}", inner: error);
        }
    }

    public void Dispose()
    {
    }

    private Table Decode(ushort[][] cells, SampleBlock block, long seed, CellConditions conditions)
    {
        var constant = new ushort[block.Rows];
        var columns = new Column[codec.Columns.Count];
        for (int c = 0, modelled = 0; c < columns.Length; c++)
        {
            var source = modelled < codec.Modelled.Count && codec.Modelled[modelled] == c ? cells[modelled++] : constant;
            columns[c] = conditions.Decoder(c).Decode(
                source, new SeededStream(seed, StreamPurpose.DecodedValues, block.Number * codec.Columns.Count + c), block.First, seed);
        }

        return new Table(Schema, columns);
    }

    private sealed record NetworkSizes(int Width, int Blocks, int[][]? Passes);
}
