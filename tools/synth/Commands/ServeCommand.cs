using System.CommandLine;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Identity.Mail;
using SynthStudio.Cli.Connection;
using SynthStudio.Hosting;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth serve</c>: the whole service in one process, until Ctrl-C.</summary>
internal sealed class ServeCommand
{
    private readonly Option<DirectoryInfo> data = new("--data")
    {
        Description = "Folder for everything the server keeps (or SYNTHSTUDIO_DATA).", HelpName = "DIR", DefaultValueFactory = _ => DataFolders.Default(),
    };

    private readonly Option<int> grpcPort = new("--grpc-port")
    {
        Description = "Port of gRPC; 0 takes a free one.", HelpName = "PORT",
        DefaultValueFactory = _ => new ServerOptions().GrpcPort,
    };

    private readonly Option<int> httpPort = new("--http-port")
    {
        Description = "Port of gRPC-Web and JSON; 0 takes a free one.", HelpName = "PORT",
        DefaultValueFactory = _ => new ServerOptions().HttpPort,
    };

    private readonly Option<string> bind = new("--bind")
    {
        Description = "Address to listen on. Keep to loopback unless a proxy with TLS stands in front.", HelpName = "IP",
        DefaultValueFactory = _ => new ServerOptions().BindAddress,
    };

    private readonly Option<int> slots = new("--slots")
    {
        Description = "Jobs that run at once.", HelpName = "N", DefaultValueFactory = _ => new ServerOptions().Slots,
    };

    private readonly Option<int> threads = new("--threads")
    {
        Description = "Threads of a job; 0 lets libtorch choose.", HelpName = "N",
        DefaultValueFactory = _ => new ServerOptions().Threads,
    };

    private readonly Option<int> checkpoints = new("--checkpoint-seconds")
    {
        Description = "Seconds between the checkpoints of a training: what a crash costs at most; 0 for a tenth of the time trained.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => new ServerOptions().CheckpointSeconds,
    };

    private readonly Option<Registration> registration = new("--registration")
    {
        Description = "Who may have an account: Closed (nobody new), Invited, or Open.", HelpName = "WHO",
        DefaultValueFactory = _ => new AccountOptions().Registration,
    };

    private readonly Option<DirectoryInfo?> mails = new("--mail-folder")
    {
        Description = "Folder that mails are written into, for development; without, none are sent.", HelpName = "DIR",
    };

    private readonly Option<bool> logs = new("--log") { Description = "Write log lines to standard error too; they always go to logs/ in the data folder." };

    public Command Create()
    {
        var command = new Command("serve", "Serve the API (gRPC, gRPC-Web, JSON) and compute in this process, until Ctrl-C.")
        {
            data, grpcPort, httpPort, bind, slots, threads, checkpoints, registration, mails, logs,
        };
        return command.Does(RunAsync);
    }

    private async Task RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        var folder = InputFiles.OutputFolder("--data", parse.GetRequiredValue(data));
        var options = new ServerOptions
        {
            DataFolder = folder.FullName,
            GrpcPort = parse.GetValue(grpcPort),
            HttpPort = parse.GetValue(httpPort),
            BindAddress = parse.GetValue(bind)!,
            Slots = parse.GetValue(slots),
            Threads = parse.GetValue(threads),
            CheckpointSeconds = parse.GetValue(checkpoints),
            LogToConsole = parse.GetValue(logs),
            Api = { Accounts = { Registration = parse.GetValue(registration) } },
        };
        if (parse.GetValue(mails) is { } mailFolder)
        {
            (options.Api.Mail.Delivery, options.Api.Mail.Folder, options.Api.Mail.From) = (MailDelivery.File, mailFolder.FullName, "SynthStudio <studio@localhost>");
        }

        await using var server = await EmbeddedServer.StartAsync(options, cancellation);
        Console.WriteLine($"gRPC on {server.GrpcAddress}, gRPC-Web and JSON on {server.HttpAddress}");
        Console.WriteLine($"data in {folder.FullName}; administrator's API key in {Path.Combine(folder.FullName, "admin.key")}");
        await server.WaitForShutdownAsync(cancellation);
    }
}
