using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>A table learned by the order-agnostic autoregressive network.</summary>
internal sealed class AutoregressiveModel : ITabularModel
{
    /// <summary>Rows that are drawn together. Part of reproducibility: the blocks of a sample depend on its number of rows only.</summary>
    private const int BlockRows = 4_096, FirstBlockRows = 512;

    private readonly TableCodec codec;
    private readonly NetworkShape shape;
    private readonly float[] weights;
    private readonly ComputeDevice device;
    private readonly Tensor flat;
    private readonly ParameterSet parameters;
    private readonly AutoregressiveSampler sampler;

    public AutoregressiveModel(
        TableCodec codec, NetworkShape shape, float[] weights, IReadOnlyDictionary<string, double> metrics, ComputeDevice device)
    {
        (this.codec, this.shape, this.weights, this.device, Metrics) = (codec, shape, weights, device, metrics);
        flat = tensor(weights, device: device.Torch).DetachFromDisposeScope();
        parameters = new ParameterSet(shape.Parameters, flat, trainable: false);
        sampler = new AutoregressiveSampler(shape, parameters);
    }

    public string Method => AutoregressiveSynthesizer.Name;

    public TableSchema Schema => codec.Schema;

    public IReadOnlyDictionary<string, double> Metrics { get; }

    public IEnumerable<Table> Sample(SampleRequest request, CancellationToken cancellation)
    {
        SampleRequests.Validate(request, Method);
        var conditions = new CellConditions(codec, request.Given);
        return Chunks.Resize(Blocks(request, conditions, cancellation), request.FirstChunkRows, request.ChunkRows);
    }

    public void Save(Stream destination, PackageFacts facts)
    {
        var tensors = new TensorFile { Tensors = { ["weights"] = weights } };
        ModelPackage.Write(destination, Method, Schema, facts, Metrics, new Dictionary<string, byte[]>
        {
            ["network.json"] = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new NetworkSizes(shape.Width, shape.Blocks)),
            ["codec.json"] = codec.ToJson(),
            ["weights.bin"] = tensors.ToBytes(),
        });
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="SynthesisException">The package does not fit together.</exception>
    public static AutoregressiveModel Load(ModelPackage package, ComputeDevice device)
    {
        try
        {
            var sizes = System.Text.Json.JsonSerializer.Deserialize<NetworkSizes>(package["network.json"])!;
            var codec = TableCodec.FromJson(package["codec.json"]);
            var shape = new NetworkShape(new TokenLayout([.. codec.Modelled.Select(c => codec.Columns[c].Layout)]), sizes.Width, sizes.Blocks);
            var weights = TensorFile.FromBytes(package["weights.bin"]).Tensors["weights"];
            if (weights.LongLength != shape.Parameters.Count) throw new InvalidDataException("The number of weights does not match the network.");
            return new AutoregressiveModel(codec, shape, weights, package.Manifest.Metrics, device);
        }
        catch (Exception error) when (error is InvalidDataException or System.Text.Json.JsonException or KeyNotFoundException)
        {
            throw new SynthesisException(SynthesisError.PackageCorrupt, $"The model package is damaged: {error.Message}", inner: error);
        }
    }

    public void Dispose()
    {
        sampler.Dispose();
        parameters.Dispose();
        flat.Dispose();
    }

    private IEnumerable<Table> Blocks(SampleRequest request, CellConditions conditions, CancellationToken cancellation)
    {
        var blocks = new List<(long Number, long First, int Rows)>();
        for (long first = 0, number = 0; first < request.Rows; number++)
        {
            blocks.Add((number, first, (int)Math.Min(number == 0 ? FirstBlockRows : BlockRows, request.Rows - first)));
            first += blocks[^1].Rows;

            // The first block goes out on its own, soon; after it as many at once as there are threads.
            if (number > 0 && blocks.Count < device.Threads && first < request.Rows) continue;
            cancellation.ThrowIfCancellationRequested();
            var tables = new Table[blocks.Count];
            device.Run(blocks.Count, i =>
            {
                tables[i] = Block(request, blocks[i].Number, blocks[i].First, blocks[i].Rows, conditions);
                return 0;
            });
            blocks.Clear();
            foreach (var table in tables) yield return table;
        }
    }

    private Table Block(SampleRequest request, long number, long first, int rows, CellConditions conditions)
    {
        var cells = codec.Modelled.Select((_, c) => conditions[c] is { } shares ? Array.FindIndex(shares, share => share > 0) : -1).ToArray();
        var drawn = sampler.Draw(rows, cells, request.Temperature, new SeededStream(request.Seed, StreamPurpose.SampledTokens, number));
        var constant = new ushort[rows];
        var columns = new Column[codec.Columns.Count];
        for (int c = 0, modelled = 0; c < columns.Length; c++)
        {
            var source = modelled < codec.Modelled.Count && codec.Modelled[modelled] == c ? drawn[modelled++] : constant;
            columns[c] = conditions.Decoder(c).Decode(
                source, new SeededStream(request.Seed, StreamPurpose.DecodedValues, number * codec.Columns.Count + c), first, request.Seed);
        }

        return new Table(Schema, columns);
    }

    private sealed record NetworkSizes(int Width, int Blocks);
}
