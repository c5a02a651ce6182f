using System.CommandLine;
using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Outcome;

namespace SynthStudio.Cli.Commands;

/// <summary>Makes commands that call a server without credentials.</summary>
internal sealed class AnonymousCommand
{
    private readonly Option<string?> server = new("--server")
    {
        Description = "Address of a SynthStudio server, for example http://localhost:5080 (or SYNTHSTUDIO_SERVER). Without it the one that serves the data folder.",
        HelpName = "URL",
    };

    public Command Create(string name, string description, Symbol[] symbols, Func<AnonymousCall, Task> action)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.Options.Add(server);
        return command.Does(async (parse, cancellation) =>
        {
            var address = ConnectionOptions.ReadServer(parse.GetValue(server)) ?? DataFolders.FindServer(DataFolders.Default())?.Address
                ?? throw new BadInputException("--server: no server was named, and none serves the data folder.");
            using var client = new SynthClient(address, credential: null, project: "");
            await action(new AnonymousCall(address, client, parse, cancellation));
        });
    }
}

/// <summary>What an action of such a command gets.</summary>
/// <param name="Server">The server's address.</param>
/// <param name="Client">Calls it.</param>
/// <param name="Parse">The command line.</param>
/// <param name="Cancellation">Cancelled by Ctrl-C.</param>
internal sealed record AnonymousCall(Uri Server, SynthClient Client, ParseResult Parse, CancellationToken Cancellation);
