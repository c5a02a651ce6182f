using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Reads a table, infers or checks its schema, and describes it. Never holds the whole table.</summary>
internal sealed class ProfileJob(ProfileOrder order) : IJob
{
    public string DeviceName => Devices.Cpu;

    public Completed Run(JobContext context)
    {
        var clock = new PhaseClock(context.Time);
        context.Output.Progress("ingest", 0);
        var declared = Ingestion.SchemaOf(order.Data);
        var profile = Profiler.Profile(
            order.Data.Path,
            order.Data.FileName,
            declared,
            new ProfileOptions { Reading = Ingestion.Options(context) },
            new ProfileProgress(context.Output),
            context.Cancellation);
        context.Output.Progress("profile", 1);

        var profilePath = context.Scratch("profile.json");
        File.WriteAllText(profilePath, profile.ToJson());
        var schemaPath = context.Scratch("schema.json");
        ProfiledSchema.Of(profile, declared).Write(schemaPath);
        return new Completed
        {
            Artifacts =
            {
                new Artifact { Role = "profile", Path = profilePath, MediaType = "application/json" },
                new Artifact { Role = "schema", Path = schemaPath, MediaType = "application/json" },
            },
            Metrics =
            {
                ["rows"] = profile.Rows,
                ["columns"] = profile.Columns.Count,
                ["seconds_ingest"] = clock.Lap(),
            },
        };
    }

    /// <summary>The profiler's one fraction as the protocol's two steps: until 0.4 it reads the file, then it looks at each column.</summary>
    private sealed class ProfileProgress(JobOutput output) : IProgress<double>
    {
        private const double Read = .4;
        private bool isRead;

        public void Report(double value)
        {
            if (value < Read)
            {
                output.Progress("ingest", value / Read);
                return;
            }

            if (!isRead)
            {
                output.Progress("ingest", 1);
                isRead = true;
            }

            output.Progress("profile", (value - Read) / (1 - Read));
        }
    }
}
