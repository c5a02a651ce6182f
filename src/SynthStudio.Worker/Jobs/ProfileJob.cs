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
        if (order.Withheld) return Withhold(context, clock);
        var declared = Ingestion.SchemaOf(order.Data);
        var fingerprints = order.FingerprintKey.IsEmpty ? null : new RowFingerprints(order.FingerprintKey.Span);
        var preview = new TablePreview();
        var profile = Profiler.Profile(
            order.Data.Path,
            order.Data.FileName,
            declared,
            new ProfileOptions { Reading = Ingestion.Options(context), Fingerprints = fingerprints, Preview = preview },
            new ProfileProgress(context.Output),
            context.Cancellation);
        context.Output.Progress("profile", 1);

        var profilePath = context.Scratch("profile.json");
        File.WriteAllText(profilePath, profile.ToJson());
        var previewPath = context.Scratch("preview.json");
        File.WriteAllText(previewPath, preview.ToJson());
        var schemaPath = context.Scratch("schema.json");
        ProfiledSchema.Of(profile, declared).Write(schemaPath);
        var completed = new Completed
        {
            Artifacts =
            {
                new Artifact { Role = "profile", Path = profilePath, MediaType = "application/json" },
                new Artifact { Role = "preview", Path = previewPath, MediaType = "application/json" },
                new Artifact { Role = "schema", Path = schemaPath, MediaType = "application/json" },
            },
            Metrics =
            {
                ["rows"] = profile.Rows,
                ["columns"] = profile.Columns.Count,
                ["seconds_ingest"] = clock.Lap(),
            },
        };
        if (fingerprints is not null) completed.Artifacts.Add(Write(context, fingerprints));
        return completed;
    }

    /// <summary>The table is only to be learned under a promise: nothing of it is told, and its schema stays what its owner declared.</summary>
    private Completed Withhold(JobContext context, PhaseClock clock)
    {
        Ingestion.SchemaOf(order.Data);
        var fingerprints = RowFingerprints.Of(
            order.Data.Path, order.Data.FileName, order.FingerprintKey.Span, Ingestion.Options(context), context.Cancellation);
        return new Completed { Artifacts = { Write(context, fingerprints) }, Metrics = { ["seconds_ingest"] = clock.Lap() } };
    }

    private static Artifact Write(JobContext context, RowFingerprints fingerprints)
    {
        var path = context.Scratch("fingerprints.json");
        File.WriteAllText(path, fingerprints.ToJson());
        return new Artifact { Role = "fingerprints", Path = path, MediaType = "application/json" };
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
