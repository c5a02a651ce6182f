using System.Text.Json;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Writes a table as CSV, with the types of its columns beside it. Never holds the whole table.</summary>
internal sealed class ExtractJob(ExtractOrder order) : IJob
{
    public string DeviceName => Devices.Cpu;

    public Completed Run(JobContext context)
    {
        var clock = new PhaseClock(context.Time);
        context.Output.Progress("extract", 0);
        var (tablePath, columnsPath) = (context.Scratch("table.csv"), context.Scratch("columns.json"));
        var table = TableExtraction.Write(order.Data.Path, order.Data.FileName, tablePath, Ingestion.Options(context), context.Cancellation);
        File.WriteAllText(columnsPath, JsonSerializer.Serialize(table.Columns.Select(column => new { name = column.Name, type = column.Type.ToString() })));
        context.Output.Progress("extract", 1);
        return new Completed
        {
            Artifacts =
            {
                new Artifact { Role = "table", Path = tablePath, MediaType = "text/csv" },
                new Artifact { Role = "columns", Path = columnsPath, MediaType = "application/json" },
            },
            Metrics = { ["rows"] = table.Rows, ["columns"] = table.Columns.Count, ["seconds_extract"] = clock.Lap() },
        };
    }
}
