using SynthStudio.Synthesis;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Reads the tables that orders name.</summary>
internal static class Ingestion
{
    /// <summary>Reads a table by its own schema; what that leaves open is inferred.</summary>
    public static Table Read(JobContext context, DataFile file) => HeldBackRows.Part(
        TableReader.Read(file.Path, file.FileName, SchemaOf(file), Options(context), context.Cancellation), file.Split)
        ?? throw new TableException(TableError.TooFewRows, $"{file.FileName} is too small, or too large, for rows of it to be held back.");

    /// <summary>
    /// Reads a table to learn, or a sample of it if it is too large for memory. For a private training always all of it: which rows a sample
    /// holds depends on how many there are, so that one more person would change many. For the same reason each cell is read by itself. Values that do not
    /// fit its schema are then taken as missing, as an error that names a row would tell of it.
    /// </summary>
    public static TrainingTable ReadForTraining(JobContext context, DataFile file, bool isPrivate) => TrainingTable.Read(
        file.Path, file.FileName, SchemaOf(file),
        Options(context) with { InvalidValuesAreMissing = isPrivate, CellsByThemselves = isPrivate }, context.Cancellation,
        isPrivate ? long.MaxValue : TrainingTable.MostCellsInMemory);

    /// <summary>Reads a table as another one's schema says; the values of synthetic tables that do not fit are taken as missing.</summary>
    public static Table ReadAs(
        JobContext context, DataFile file, TableSchema schema, bool invalidValuesAreMissing, bool absentAreLeftOut = false) =>
        TableReader.ReadAs(
            file.Path, schema, file.FileName,
            Options(context) with { InvalidValuesAreMissing = invalidValuesAreMissing, AbsentColumnsAreLeftOut = absentAreLeftOut },
            context.Cancellation);

    public static SchemaFile? SchemaOf(DataFile file) => file.SchemaJson.Length == 0 ? null : SchemaFile.Parse(file.SchemaJson);

    public static ReadOptions Options(JobContext context)
    {
        var options = new ReadOptions { TemporaryFolder = context.Order.ScratchFolder };
        return context.Order.Threads > 0 ? options with { Threads = context.Order.Threads } : options;
    }
}
