using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth connections</c>: databases and buckets of others that the project may read from and write to.</summary>
internal sealed class ConnectionsCommand
{
    private readonly ServerCommand server = new();
    private readonly EndpointOptions endpoint = new();
    private readonly Argument<string> id = new("ID") { Description = "Last part of the connection's name." };
    private readonly Argument<string> name = new("CONNECTION") { Description = "Resource name or id of the connection." };
    private readonly Option<string> display = new("--display-name") { Description = "A name for people.", HelpName = "TEXT", DefaultValueFactory = _ => "" };

    public Command Create() => new("connections", "Keep databases and buckets of others that the project may read from and write to; the owners' to configure, the editors' to use.")
    {
        server.Create("add", "Add a database (--postgres) or a bucket (--bucket). Its password or secret key is stored sealed and never shown.", [id, display, .. endpoint.All], AddAsync),
        server.Create("list", "List the connections, newest first.", [], ListAsync),
        server.Create("show", "Show a connection as JSON, without its secret.", [name], async call => Console.WriteLine(Names.Json(
            await call.Client.Connections.GetConnectionAsync(new GetConnectionRequest { Name = Connection(call) }, cancellationToken: call.Cancellation)))),
        server.Create("delete", "Delete a connection with its secret.", [name], async call =>
            await call.Client.Connections.DeleteConnectionAsync(new DeleteConnectionRequest { Name = Connection(call) }, cancellationToken: call.Cancellation)),
    };

    private async Task AddAsync(ServerCall call)
    {
        var connection = new V1.Connection { DisplayName = call.Parse.GetValue(display) };
        if (endpoint.Postgres(call.Parse) is { } database) connection.Postgres = database;
        else if (endpoint.Bucket(call.Parse) is { } bucket) connection.Bucket = bucket;
        else throw new BadInputException("Name a database (--postgres) or a bucket (--bucket).");
        var made = await call.Client.Connections.CreateConnectionAsync(
            new CreateConnectionRequest
            {
                Parent = call.Client.Project, ConnectionId = call.Parse.GetRequiredValue(id), Connection = connection,
            },
            cancellationToken: call.Cancellation);
        Console.WriteLine(made.Name);
    }

    private static async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("CONNECTION", "WHERE", "AS", "NAME");
        var entries = Pages.ReadAsync(
            token => call.Client.Connections.ListConnectionsAsync(
                new ListConnectionsRequest { Parent = call.Client.Project, PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.Connections, page => page.NextPageToken);
        await foreach (var c in entries)
        {
            table.Add(
                Names.Id(c.Name), c.Postgres is { } p ? $"postgresql://{p.Host}:{p.Port}/{p.Database}" : $"s3://{c.Bucket.Bucket} {c.Bucket.Url}".TrimEnd(),
                c.Postgres?.User ?? c.Bucket.AccessKey, c.DisplayName);
        }

        Console.WriteLine(table);
    }

    private string Connection(ServerCall call) => call.Client.Resource("connections", call.Parse.GetRequiredValue(name));
}
