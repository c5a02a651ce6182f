using System.CommandLine;
using SynthStudio.Cli.Connection;

namespace SynthStudio.Cli.Commands;

/// <summary>Makes commands that call a running server, or one hosted here over the data that <c>synth serve</c> keeps.</summary>
internal sealed class ServerCommand
{
    private readonly ConnectionOptions connection = new();

    public Command Create(string name, string description, Argument[] arguments, Func<ServerCall, Task> action)
    {
        var command = new Command(name, description);
        foreach (var argument in arguments)
        {
            command.Arguments.Add(argument);
        }

        connection.AddTo(command);
        return command.Does(async (parse, cancellation) =>
        {
            await using var session = await ServerSession.OpenAsync(connection.Read(parse), DataFolders.Default(), cancellation);
            if (connection.IsDefaultProject(parse))
            {
                await session.Client.EnsureProjectAsync(cancellation);
            }

            await action(new ServerCall(session.Client, parse, cancellation));
        });
    }
}

/// <summary>What an action of such a command gets.</summary>
internal sealed record ServerCall(SynthClient Client, ParseResult Parse, CancellationToken Cancellation);
