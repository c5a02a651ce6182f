using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth uploads</c>: files on their way in, and those that broke off. <c>synth datasets upload</c> begins one.</summary>
internal sealed class UploadsCommand(TimeProvider time)
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> name = new("UPLOAD") { Description = "Resource name or id of the upload." };
    private readonly Argument<FileInfo> file = new("DATA") { Description = "The file that it was begun with." };

    public Command Create() => new("uploads", "List and show uploads, go on with one that broke off, or give it up.")
    {
        server.Create("list", "List the uploads of the project, newest first, complete and given up ones too.", [], ListAsync),
        server.Create("show", "Show an upload with the bytes that are safely stored, as JSON.", [name], async call => Console.WriteLine(Names.Json(await GetAsync(call)))),
        server.Create("resume", "Send the rest of a table whose upload broke off, and follow its reading.", [name, file], ResumeAsync, computes: true),
        server.Create("delete", "Give an upload up that is not complete, with its bytes and its data set.", [name], async call =>
            await call.Client.Uploads.DeleteUploadAsync(new DeleteUploadRequest { Name = Upload(call) }, cancellationToken: call.Cancellation)),
    };

    private static async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("UPLOAD", "STATE", "STORED", "SIZE", "FOR", "CREATED", "FILE");
        var entries = Pages.ReadAsync(
            token => call.Client.Uploads.ListUploadsAsync(
                new ListUploadsRequest { Parent = call.Client.Project, PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.Uploads, page => page.NextPageToken);
        await foreach (var u in entries)
        {
            table.Add(
                Names.Id(u.Name), Names.Of(u.State), Bytes.Short(u.CommittedSize), u.SizeBytes > 0 ? Bytes.Short(u.SizeBytes) : "",
                u.Purpose == UploadPurpose.GeneratorPackage ? "a generator" : Names.Id(u.Dataset), $"{u.CreateTime.ToDateTimeOffset():u}", u.FileName);
        }

        Console.WriteLine(table);
    }

    private async Task ResumeAsync(ServerCall call)
    {
        var table = InputFiles.Table("DATA", call.Parse.GetRequiredValue(file));
        var upload = await GetAsync(call);
        if (upload.State != UploadState.Active) throw new BadInputException($"{upload.Name} is {Names.Of(upload.State)}: there is nothing to send.");
        if (upload.Purpose == UploadPurpose.GeneratorPackage) throw new BadInputException($"{upload.Name} is of a generator's package: send it anew with synth generators import.");
        if (table.Length < upload.CommittedSize || (upload.SizeBytes > 0 && table.Length != upload.SizeBytes))
            throw new BadInputException($"DATA: {table} has {table.Length} bytes and is not the file that {upload.Name} was begun with.");
        await using var view = ProgressViews.Create(time);
        var dataset = await new FileUploader(call.Client, view).ResumeDatasetAsync(upload, table, "read", call.Cancellation);
        await new JobFollower(call.Client, time).FollowAsync(dataset.Job, StepNames.WholeJob(view, "read", FileUploader.ShareOfStep), call.Cancellation);
        view.Show(new StepProgress("read", 1));
        await view.DisposeAsync();
        Console.WriteLine(dataset.Name);
    }

    private async Task<Upload> GetAsync(ServerCall call) =>
        await call.Client.Uploads.GetUploadAsync(new GetUploadRequest { Name = Upload(call) }, cancellationToken: call.Cancellation);

    private string Upload(ServerCall call) => call.Client.Resource("uploads", call.Parse.GetRequiredValue(name));
}
