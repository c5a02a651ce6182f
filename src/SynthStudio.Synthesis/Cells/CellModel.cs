using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Cells;

/// <summary>A model that draws cells: turns conditions into cells, cells into rows, and rows into chunks.</summary>
/// <param name="codec">How values become cells.</param>
/// <param name="metrics">What training measured.</param>
/// <param name="threads">Blocks that are drawn side by side.</param>
internal abstract class CellModel(TableCodec codec, IReadOnlyDictionary<string, double> metrics, int threads) : ITabularModel
{
    /// <summary>The entry of a package that holds the codec.</summary>
    protected const string CodecEntry = "codec.json";

    public abstract string Method { get; }

    public TableSchema Schema => Codec.Schema;

    public IReadOnlyDictionary<string, double> Metrics { get; } = metrics;

    public PrivacyStatement Privacy { get; init; } = PrivacyStatement.None;

    /// <summary>Rows that are drawn together. Part of reproducibility: the blocks of a sample depend on its number of rows only.</summary>
    protected virtual int BlockRows => 4_096;

    /// <summary>Rows of the first block, which goes out on its own.</summary>
    protected virtual int FirstBlockRows => 512;

    protected TableCodec Codec { get; } = codec;

    public IEnumerable<Table> Sample(SampleRequest request, CancellationToken cancellation)
    {
        SampleRequests.Validate(request, Method);
        var conditions = new CellConditions(Codec, request.Given);
        var sampler = Prepare(conditions, request.Temperature, request.Seed);
        return Chunks.Resize(Blocks(request, sampler, conditions, cancellation), request.FirstChunkRows, request.ChunkRows);
    }

    public void Save(Stream destination, PackageFacts facts) =>
        ModelPackage.Write(destination, Method, Schema, facts, Metrics, new Dictionary<string, byte[]>(Entries()) { [CodecEntry] = Codec.ToJson() }, Privacy);

    public void Dispose()
    {
    }

    /// <summary>Everything learned beside the codec, as package entries.</summary>
    protected abstract IReadOnlyDictionary<string, byte[]> Entries();

    /// <summary>A sampler for a request.</summary>
    /// <param name="conditions">What every row must meet.</param>
    /// <param name="temperature">Above 0; 1 is the learned distribution.</param>
    /// <param name="seed">Of the request, for what is estimated before rows are drawn.</param>
    /// <exception cref="SynthesisException">The method cannot meet the conditions or does not know a temperature.</exception>
    protected abstract ICellSampler Prepare(CellConditions conditions, double temperature, long seed);

    private IEnumerable<Table> Blocks(SampleRequest request, ICellSampler sampler, CellConditions conditions, CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        var blocks = new List<(long Number, long First, int Rows)>();
        for (long first = 0, number = 0; first < request.Rows; number++)
        {
            blocks.Add((number, first, (int)Math.Min(number == 0 ? FirstBlockRows : BlockRows, request.Rows - first)));
            first += blocks[^1].Rows;

            // The first block goes out on its own, soon; after it as many at once as there are threads.
            if (number > 0 && blocks.Count < threads && first < request.Rows) continue;
            cancellation.ThrowIfCancellationRequested();
            var tables = new Table[blocks.Count];
            Unwrapped(() => Parallel.For(0, blocks.Count, parallel, i =>
                tables[i] = Block(request, blocks[i].Number, blocks[i].First, blocks[i].Rows, sampler, conditions, cancellation)));
            blocks.Clear();
            foreach (var table in tables) yield return table;
        }
    }

    private Table Block(
        SampleRequest request, long number, long first, int rows, ICellSampler sampler, CellConditions conditions, CancellationToken cancellation)
    {
        var drawn = sampler.Draw(rows, new SeededStream(request.Seed, StreamPurpose.SampledTokens, number), cancellation);
        var constant = new ushort[rows];
        var columns = new Column[Codec.Columns.Count];
        for (int c = 0, modelled = 0; c < columns.Length; c++)
        {
            var source = modelled < Codec.Modelled.Count && Codec.Modelled[modelled] == c ? drawn[modelled++] : constant;
            columns[c] = conditions.Decoder(c).Decode(
                source, new SeededStream(request.Seed, StreamPurpose.DecodedValues, number * Codec.Columns.Count + c), first, request.Seed);
        }

        return new Table(Schema, columns);
    }

    private static void Unwrapped(Action parallelWork)
    {
        try
        {
            parallelWork();
        }
        catch (AggregateException error)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }
}
