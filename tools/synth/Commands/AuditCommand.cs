using System.CommandLine;
using System.Globalization;
using Google.Api;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SynthStudio.Catalog.Audit;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Running;
using SynthStudio.Hosting;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth audit</c>: who did what, and whether the trail is what was written.</summary>
internal sealed class AuditCommand
{
    private readonly ServerCommand server = new();

    private readonly Option<bool> ofServer = new("--of-server")
    {
        Description = "The trail of what is about no project (users, keys, silos, refused calls), or with --project any project's, also one that is gone; for administrators.",
    };

    private readonly Option<string> actor = new("--actor") { Description = "Only what this user did.", HelpName = "users/ID", DefaultValueFactory = _ => "" };
    private readonly Option<string> method = new("--method") { Description = "Only this call, for example GeneratorService/TrainGenerator.", HelpName = "CALL", DefaultValueFactory = _ => "" };
    private readonly Option<string> resource = new("--resource") { Description = "Only what was done to this resource, or to what lies under it.", HelpName = "NAME", DefaultValueFactory = _ => "" };
    private readonly Option<string> outcome = new("--outcome") { Description = "Only calls that ended so: OK, PERMISSION_DENIED, …; BEGUN for changes that began.", HelpName = "STATUS", DefaultValueFactory = _ => "" };
    private readonly Option<DateTimeOffset?> since = new("--since") { Description = "Not before this time.", HelpName = "TIME" };
    private readonly Option<DateTimeOffset?> until = new("--until") { Description = "Before this time.", HelpName = "TIME" };
    private readonly Option<int> limit = new("--limit") { Description = "At most so many, the newest.", HelpName = "N", DefaultValueFactory = _ => 100 };
    private readonly Option<FileInfo> output = new("--out") { Description = "File for the trail, JSON line by line.", HelpName = "FILE", Required = true };
    private readonly Option<string> reason = new("--reason") { Description = "Which backup was put back, when, and why, in 10 to 500 characters; kept in the trail for good.", HelpName = "TEXT", Required = true };
    private readonly Option<long?> lastKept = new("--last-kept") { Description = "Number of the last entry that the backup had, where that is known.", HelpName = "N" };
    private readonly Option<bool> apply = new("--apply") { Description = "Accept it; without, only say what would be accepted." };
    private readonly Argument<FileInfo> file = new("FILE") { Description = "A trail that synth audit export wrote." };

    private readonly Option<FileInfo?> publicKey = new("--public-key")
    {
        Description = "The server's public key (PEM), as synth audit verify printed it. Without it the file's own is used, and shows that the file is whole only.", HelpName = "FILE",
    };

    public Command Create() => new("audit", "Show, check and export the trail of who did what.")
    {
        server.Create("list", "Show entries, newest first.", [ofServer, actor, method, resource, outcome, since, until, limit], ListAsync),
        server.Create("verify", "Find lines of the trail that were changed, dropped or moved; ends with 1 when there are any.", [ofServer], VerifyAsync),
        server.Create("export", "Download the trail with its hashes and signed end.", [ofServer, output], ExportAsync),
        server.Create(
            "accept-restore",
            "Accept that an older copy of the database was put back, so that a trail lost entries that had been signed: with --project that project's trail, else the server's. For administrators.",
            [reason, lastKept, apply], AcceptRestoreAsync),
        new Command("check", "Check an exported trail without the server; ends with 1 when it is not whole.") { file, publicKey }.Does(CheckAsync),
    };

    private async Task ListAsync(ServerCall call)
    {
        if (call.Parse.GetValue(limit) is < 1 or > 100_000)
        {
            throw new BadInputException("--limit must be 1 to 100000.");
        }

        var filter = new SynthStudio.V1.AuditFilter
        {
            Actor = call.Parse.GetValue(actor), Method = call.Parse.GetValue(method),
            Resource = call.Parse.GetValue(resource), Outcome = call.Parse.GetValue(outcome),
            Since = call.Parse.GetValue(since) is { } from ? Timestamp.FromDateTimeOffset(from) : null,
            Until = call.Parse.GetValue(until) is { } to ? Timestamp.FromDateTimeOffset(to) : null,
        };
        // What ended after --until or elsewhere is not among what is listed: of that nothing is said.
        var (ended, listsEnds) = (new HashSet<long>(), filter is { Outcome: "", Resource: "", Until: null });
        var table = new TextTable("LINE", "TIME", "WHO", "WHAT", "RESOURCE", "DETAIL", "OUTCOME", "FROM");
        var (left, token) = (call.Parse.GetValue(limit), "");
        do
        {
            var page = call.Parse.GetValue(ofServer)
                ? await call.Client.Audit.ListServerAuditEntriesAsync(
                    new ListServerAuditEntriesRequest
                    {
                        Project = call.NamedProject, PageSize = Math.Min(left, 1000), PageToken = token, Filter = filter,
                    },
                    cancellationToken: call.Cancellation)
                : await call.Client.Audit.ListAuditEntriesAsync(
                    new ListAuditEntriesRequest { Parent = call.Client.Project, PageSize = Math.Min(left, 1000), PageToken = token, Filter = filter },
                    cancellationToken: call.Cancellation);
            foreach (var e in page.AuditEntries)
            {
                if (e.Begun > 0) ended.Add(e.Begun);
                table.Add(
                    e.Sequence.ToString(CultureInfo.InvariantCulture), When(e), e.Actor, e.Method, e.Resource, e.Detail,
                    HowItEnded(e, isOpen: listsEnds && !ended.Contains(e.Sequence)), e.Address);
            }

            (left, token) = (left - page.AuditEntries.Count, page.NextPageToken);
        }
        while (token.Length > 0 && left > 0);

        Console.WriteLine(table);
    }

    private static string When(SynthStudio.V1.AuditEntry entry)
    {
        return entry.ClockTime is null ? Written(entry.Time) : $"{Written(entry.Time)}, clock {Written(entry.ClockTime)}";

        static string Written(Timestamp? time) => time?.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>How it ended, and by which line it began: lines are listed newest first, so that an end is seen before its beginning.</summary>
    private static string HowItEnded(SynthStudio.V1.AuditEntry entry, bool isOpen)
    {
        var status = entry.Reason.Length > 0 ? $"{entry.Outcome} ({entry.Reason})" : entry.Outcome;
        if (entry.Begun > 0) return string.Create(CultureInfo.InvariantCulture, $"{status}, begun in {entry.Begun}");
        return isOpen && entry.Outcome == AuditEvent.BegunOutcome ? $"{status}, outcome not recorded" : status;
    }

    private async Task VerifyAsync(ServerCall call)
    {
        var found = call.Parse.GetValue(ofServer)
            ? await call.Client.Audit.VerifyServerAuditTrailAsync(
                new VerifyServerAuditTrailRequest { Project = call.NamedProject }, cancellationToken: call.Cancellation)
            : await call.Client.Audit.VerifyAuditTrailAsync(
                new VerifyAuditTrailRequest { Parent = call.Client.Project }, cancellationToken: call.Cancellation);
        foreach (var restore in found.Restores)
            Report(restore.Sequence, restore.Time.ToDateTimeOffset(), restore.Actor, restore.Description, restore.Reason);
        Report(found.Entries, found.AnchoredSequence, [.. found.Faults.Select(fault => fault.Description)]);
        Console.WriteLine(found.PublicKeyPem);
    }

    private async Task AcceptRestoreAsync(ServerCall call)
    {
        var applies = call.Parse.GetValue(apply);
        var request = new AcceptAuditRestoreRequest { Project = call.NamedProject, Reason = call.Parse.GetRequiredValue(reason), ValidateOnly = !applies };
        if (applies) request.RequestId = Guid.NewGuid().ToString();
        if (call.Parse.GetValue(lastKept) is { } kept) request.LastKeptSequence = kept;
        var restore = await call.Client.Audit.AcceptAuditRestoreAsync(request, cancellationToken: call.Cancellation);
        Console.WriteLine(restore.Description);
        Console.WriteLine($"Signed and lost: {restore.SignedHead.Chain}, line {restore.SignedHead.Sequence}, SHA-256 {restore.SignedHead.Sha256}.");
        Console.WriteLine(applies ? $"Accepted as line {restore.Sequence}." : "Nothing was changed: --apply accepts it.");
    }

    private async Task ExportAsync(ServerCall call)
    {
        var target = InputFiles.Output("--out", call.Parse.GetRequiredValue(output));
        using AsyncServerStreamingCall<HttpBody> stream = call.Parse.GetValue(ofServer)
            ? call.Client.Audit.ExportServerAuditTrail(new ExportServerAuditTrailRequest { Project = call.NamedProject }, cancellationToken: call.Cancellation)
            : call.Client.Audit.ExportAuditTrail(new ExportAuditTrailRequest { Parent = call.Client.Project }, cancellationToken: call.Cancellation);
        await Downloads.SaveAsync(stream, target.FullName, call.Cancellation);
    }

    private async Task CheckAsync(ParseResult parse, CancellationToken cancellation)
    {
        var trail = InputFiles.Table("FILE", parse.GetRequiredValue(file));
        var key = parse.GetValue(publicKey) is { } pem ? await File.ReadAllTextAsync(InputFiles.Table("--public-key", pem).FullName, cancellation) : null;
        try
        {
            using var reader = trail.OpenText();
            var found = await AuditExport.VerifyAsync(reader, key, cancellation);
            foreach (var (sequence, time, actor, restore) in found.Restores) Report(sequence, time, actor, restore.Lost, restore.Why);
            Report(found.Lines, found.Anchored, [.. found.Faults.Select(fault => fault.Description)]);
        }
        catch (FormatException e)
        {
            throw new BadInputException($"{trail}: {e.Message}");
        }
    }

    private static void Report(long sequence, DateTimeOffset time, string actor, string lost, string why) => Console.WriteLine(ControlCharacters.Escape(
        string.Create(CultureInfo.InvariantCulture, $"Line {sequence}: {actor} accepted on {time:yyyy-MM-dd HH:mm:ss} that an older copy of the database was put back. {lost} Reason: {why}")));

    private static void Report(long entries, long signed, IReadOnlyList<string> faults)
    {
        foreach (var fault in faults) Console.WriteLine(fault);
        var read = string.Create(CultureInfo.InvariantCulture, $"{entries} entries, signed up to {signed}");
        if (faults.Count > 0) throw new UnsoundFileException($"{read}: the trail is not what was written.");
        Console.WriteLine($"{read}: what was written, nothing changed, dropped or moved.");
    }
}
