using System.CommandLine;
using System.Globalization;
using Google.Api;
using Grpc.Core;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.Evidence.Sealing;
using SynthStudio.Hosting;
using SynthStudio.V1;
using EvidenceFormat = SynthStudio.V1.EvidenceFormat;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth evidence</c>: what can be shown of a project to those who ask how people and their data are protected.</summary>
internal sealed class EvidenceCommand
{
    private readonly ServerCommand server = new();
    private readonly AnonymousCommand anonymous = new();
    private readonly Argument<string> pack = new("PACK") { Description = "Resource name or id of the pack." };
    private readonly Option<EvidenceFramework[]> frameworks = new("--framework")
    {
        Description = "gdpr, hipaa, ccpa or soc2; may be repeated. Without, all.", HelpName = "NAME",
        DefaultValueFactory = _ => [],
        CustomParser = argument => [.. argument.Tokens.Select(t => Framework(t.Value, argument))],
    };

    private readonly Option<string?> subject = new("--about") { Description = "Generator (name, id or alias) or synthetic data set (name) that it is about, with what it comes from and what came of it. Without, the whole project.", HelpName = "NAME" };
    private readonly Option<string?> id = new("--id") { Description = "Last part of the pack's name. Without, the server chooses.", HelpName = "ID" };
    private readonly Option<string?> output = new("--out") { Description = "File to write: .md is Markdown, .json for programs, anything else an HTML page.", HelpName = "FILE" };
    private readonly Option<string> target = new("--out") { Description = "File to write: .md is Markdown, .json for programs, anything else an HTML page.", HelpName = "FILE", Required = true };
    private readonly Argument<FileInfo> file = new("FILE") { Description = "A file of a pack, as it was downloaded." };
    private readonly Option<FileInfo?> publicKey = new("--public-key")
    {
        Description = "The server's public key (PEM), as synth evidence key prints it. Without it the file's own is used, and shows that the file is whole only.", HelpName = "FILE",
    };

    public Command Create() => new("evidence", "Make, show and check evidence packs: facts beside what GDPR, HIPAA, CCPA and SOC 2 ask for.")
    {
        server.Create("create", "Make a pack of what is stored now.", [frameworks, subject, id, output], CreateAsync),
        server.Create("list", "List the packs of the project, newest first.", [], ListAsync),
        server.Create("show", "Show how the controls of a pack stand, and its files.", [pack], async call => Print(
            await call.Client.Evidence.GetEvidencePackAsync(new GetEvidencePackRequest { Name = Name(call) }, cancellationToken: call.Cancellation))),
        server.Create("download", "Download a file of a pack.", [pack, target], call => DownloadAsync(call, Name(call), call.Parse.GetRequiredValue(target))),
        server.Create("delete", "Delete a pack with its files.", [pack], async call =>
            await call.Client.Evidence.DeleteEvidencePackAsync(new DeleteEvidencePackRequest { Name = Name(call) }, cancellationToken: call.Cancellation)),
        server.Create("controls", "Show what the frameworks ask for, and what of it is asked of the facts.", [frameworks], ControlsAsync, usesProject: false),
        anonymous.Create("key", "Print the public key that files of packs are checked with.", [], async call => Console.WriteLine(
            (await call.Client.Evidence.GetEvidenceKeyAsync(new GetEvidenceKeyRequest(), cancellationToken: call.Cancellation)).PublicKeyPem)),
        new Command("verify", "Check a downloaded file without the server; ends with 1 when a byte of it was changed.") { file, publicKey }.Does(VerifyAsync),
    };

    private async Task CreateAsync(ServerCall call)
    {
        var request = new CreateEvidencePackRequest
        {
            Parent = call.Client.Project,
            EvidencePackId = call.Parse.GetValue(id) ?? "",
            EvidencePack = new EvidencePack
            {
                Frameworks = { call.Parse.GetValue(frameworks) ?? [] },
                Subject = call.Parse.GetValue(subject) is { Length: > 0 } about ? call.Client.Resource("generators", about) : "",
            },
        };
        var made = await call.Client.Evidence.CreateEvidencePackAsync(request, cancellationToken: call.Cancellation);
        Print(made);
        if (call.Parse.GetValue(output) is { Length: > 0 } path) await DownloadAsync(call, made.Name, path);
    }

    private static async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("PACK", "VERSION", "MADE", "FRAMEWORKS", "ABOUT", "BY");
        var entries = Pages.ReadAsync(
            token => call.Client.Evidence.ListEvidencePacksAsync(
                new ListEvidencePacksRequest { Parent = call.Client.Project, PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.EvidencePacks, page => page.NextPageToken);
        await foreach (var known in entries)
        {
            table.Add(
                Names.Id(known.Name), known.Version.ToString(CultureInfo.InvariantCulture), $"{known.CreateTime.ToDateTimeOffset():u}", string.Join(' ', known.Frameworks.Select(f => Names.Of(f))),
                known.Subject.Length > 0 ? Names.Id(known.Subject) : "the project", known.Creator);
        }

        Console.WriteLine(table);
    }

    private async Task ControlsAsync(ServerCall call)
    {
        var table = new TextTable("REFERENCE", "CONTROL", "ASKED OF THE FACTS", "LEFT TO PEOPLE");
        var wanted = call.Parse.GetValue(frameworks) is { Length: > 0 } named ? named : [EvidenceFramework.Unspecified];
        foreach (var framework in wanted)
        {
            var all = await call.Client.Evidence.ListControlsAsync(
                new ListControlsRequest { Framework = framework }, cancellationToken: call.Cancellation);
            foreach (var control in all.Controls)
                table.Add(
                    control.Reference, control.Title, string.Join(' ', control.Questions.Select(q => q.Id)),
                    control.OpenQuestions.Count.ToString(CultureInfo.InvariantCulture));
        }

        Console.WriteLine(table);
    }

    private static async Task DownloadAsync(ServerCall call, string name, string path)
    {
        var format = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".md" => EvidenceFormat.Markdown,
            ".json" => EvidenceFormat.Json,
            _ => EvidenceFormat.Html,
        };
        var written = InputFiles.Output("--out", new FileInfo(path));
        using AsyncServerStreamingCall<HttpBody> stream = call.Client.Evidence.DownloadEvidencePack(
            new DownloadEvidencePackRequest { Name = name, Format = format }, cancellationToken: call.Cancellation);
        await Downloads.SaveAsync(stream, written.FullName, call.Cancellation);
    }

    private async Task VerifyAsync(ParseResult parse, CancellationToken cancellation)
    {
        var checkedFile = InputFiles.Table("FILE", parse.GetRequiredValue(file));
        var key = parse.GetValue(publicKey) is { } pem ? await File.ReadAllTextAsync(InputFiles.Table("--public-key", pem).FullName, cancellation) : null;
        EvidenceCheck found;
        try
        {
            found = EvidenceSeal.Check(await File.ReadAllBytesAsync(checkedFile.FullName, cancellation), key);
        }
        catch (FormatException e)
        {
            throw new UnsoundFileException($"{checkedFile}: {e.Message}");
        }

        if (!found.IsWhole) throw new UnsoundFileException($"{checkedFile} is not what was signed{(found.IsByGivenKey ? " with this key" : "")}: a byte was changed, or somebody else signed it.");
        Console.WriteLine(ControlCharacters.Escape(string.Create(CultureInfo.InvariantCulture, $"{found.Label.Pack}, version {found.Label.Number}: what was signed, byte for byte.")));
        Console.WriteLine(ControlCharacters.Escape($"Facts {found.Label.FactsSha256}, key {found.Fingerprint}."));
        if (!found.IsByGivenKey) Console.WriteLine("The key is the file's own: it shows that the file is whole, not who signed it. Compare it with the server's (synth evidence key), or give that with --public-key.");
    }

    private static void Print(EvidencePack pack)
    {
        Console.WriteLine($"{pack.Name}, version {pack.Version}, about {(pack.Subject.Length > 0 ? pack.Subject : "the whole project")}, made {pack.CreateTime.ToDateTimeOffset():u} by {pack.Creator}");
        var table = new TextTable("FRAMEWORK", "SUPPORTED", "PARTLY", "GAP", "NOT MEASURED", "NOT APPLICABLE", "QUESTIONS TO YOU");
        foreach (var summary in pack.Summaries)
        {
            table.Add(
            [
                Names.Of(summary.Framework),
                .. new[] { ControlStanding.Supported, ControlStanding.Partly, ControlStanding.Gap, ControlStanding.NotMeasured, ControlStanding.NotApplicable }
                    .Select(standing => Text(summary.Counts.FirstOrDefault(c => c.Standing == standing)?.Controls ?? 0)),
                Text(summary.OpenQuestions),
            ]);
        }

        Console.WriteLine(table);
        foreach (var part in pack.Files) Console.WriteLine($"{Names.Of(part.Format)}, {Bytes.Short(part.SizeBytes)}, sha256 {part.Sha256}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string Name(ServerCall call) => call.Client.Resource("evidencePacks", call.Parse.GetRequiredValue(pack));

    private static EvidenceFramework Framework(string name, System.CommandLine.Parsing.ArgumentResult argument)
    {
        if (Enum.TryParse<EvidenceFramework>(name, ignoreCase: true, out var framework) && framework != EvidenceFramework.Unspecified) return framework;
        argument.AddError($"--framework: '{name}' is none of gdpr, hipaa, ccpa and soc2.");
        return default;
    }
}
