using SynthStudio.Synthesis.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Cells;

/// <summary>A training table in cells, for methods that model the joint distribution of a finite set of cells a column.</summary>
/// <param name="Codec">How values become cells.</param>
/// <param name="Cells">By modelled column, by row.</param>
internal sealed record CellTable(TableCodec Codec, ushort[][] Cells)
{
    /// <summary>Fewer rows than this are refused: with rare values protected nothing would be left to learn.</summary>
    public const int MinimumRows = 20;

    public int Rows => Cells[0].Length;

    /// <summary>The layouts of the modelled columns, in the order of <see cref="Cells"/>.</summary>
    public IReadOnlyList<ColumnLayout> Layouts { get; } = [.. Codec.Modelled.Select(c => Codec.Columns[c].Layout)];

    /// <summary>Learns the codec and encodes with it.</summary>
    /// <param name="table">The training table.</param>
    /// <param name="request">Seed and device; these methods compute on the CPU only.</param>
    /// <param name="protectRare">False keeps rare categories and extreme values.</param>
    /// <param name="observer">Told when it begins and ends.</param>
    /// <param name="cancellation">Looked at between the steps.</param>
    /// <exception cref="SynthesisException">The table has too few rows or nothing that varies, or a GPU was asked for.</exception>
    public static CellTable Encode(
        Table table, FitRequest request, bool protectRare, ITrainingObserver observer, CancellationToken cancellation)
    {
        RequireCpu(request.Device);
        if (table.RowCount < MinimumRows)
            throw new SynthesisException(SynthesisError.TooFewRows, $"The table has too few rows: {table.RowCount}; at least {MinimumRows} are needed.");
        cancellation.ThrowIfCancellationRequested();
        observer.Report(new TrainingProgress("encode", 0));
        var codec = TableCodec.Fit(table, request, protectRare, cancellation);
        if (codec.Modelled.Count == 0)
            throw new SynthesisException(SynthesisError.NothingToLearn, "No column of the table varies: there is nothing to learn.");
        cancellation.ThrowIfCancellationRequested();
        var cells = codec.Encode(table);
        observer.Report(new TrainingProgress("encode", 1));
        return new CellTable(codec, cells);
    }

    /// <exception cref="SynthesisException">A GPU was asked for.</exception>
    public static void RequireCpu(Device device)
    {
        if (device == Device.Cuda)
            throw new SynthesisException(SynthesisError.DeviceUnavailable, "This method computes on the CPU: choose device cpu or auto.", "device");
    }

    /// <summary>Threads to work on; 0 means one a core.</summary>
    public static int Threads(int threads) => threads > 0 ? threads : Environment.ProcessorCount;
}
