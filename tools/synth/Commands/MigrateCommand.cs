using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.Hosting;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth migrate</c>: makes a cluster's PostgreSQL database ready for this version of the service.</summary>
internal sealed class MigrateCommand
{
    private const string ConnectionVariable = "SYNTHSTUDIO_DATABASE";

    private readonly Option<string?> connection = new("--connection")
    {
        Description = $"The database, as the schema's owner: Host=…;Database=…;Username=…;Password=…. Better: {ConnectionVariable}, which other users cannot see.",
        HelpName = "TEXT",
    };

    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Tell what would be done, and change nothing." };
    private readonly Option<string?> serviceRole = new("--service-role") { Description = "Existing role that silos and API replicas connect as: granted rows, no tables.", HelpName = "ROLE" };
    private readonly Option<string?> readerRole = new("--reader-role") { Description = "Existing role for support and reports: granted reading, no secrets.", HelpName = "ROLE" };
    private readonly Option<FileInfo?> adminKey = new("--admin-key") { Description = "File for the first administrator's API key, written if it is not there.", HelpName = "FILE" };

    public Command Create()
    {
        var command = new Command("migrate", "Bring a cluster's PostgreSQL database to this version's schema. May be repeated, and run while the service runs.")
        {
            connection, dryRun, serviceRole, readerRole, adminKey,
        };
        return command.Does(RunAsync);
    }

    private async Task RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        var database = parse.GetValue(connection) ?? Environment.GetEnvironmentVariable(ConnectionVariable);
        if (database is not { Length: > 0 }) throw new BadInputException($"Name the database by --connection or {ConnectionVariable}.");

        var migration = new Migration(database)
        {
            ServiceRole = parse.GetValue(serviceRole),
            ReaderRole = parse.GetValue(readerRole),
            AdminKeyFile = parse.GetValue(adminKey)?.FullName,
        };
        if (parse.GetValue(dryRun))
        {
            Tell("would apply", await migration.ListMissingAsync(cancellation));
            return;
        }

        Tell("applied", await migration.ApplyAsync(cancellation));
        if (migration.ServiceRole is { } service) Console.WriteLine($"granted rows to {service}");
        if (migration.ReaderRole is { } reader) Console.WriteLine($"granted reading to {reader}");
        if (migration.AdminKeyFile is { } file) Console.WriteLine(File.Exists(file) ? $"administrator's API key in {file}" : "the first administrator is locked out and gets no API key");
    }

    private static void Tell(string what, IReadOnlyList<string> scripts)
    {
        foreach (var script in scripts) Console.WriteLine($"{what} {script}");
        if (scripts.Count == 0) Console.WriteLine("the schema is up to date");
    }
}
