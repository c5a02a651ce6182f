using System.CommandLine;
using SynthStudio.Cli.Connection;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth methods</c>: the ways to learn a table, with their options.</summary>
internal sealed class MethodsCommand
{
    private readonly ConnectionOptions connection = new();

    public Command Create()
    {
        var command = new Command("methods", "List the methods and their options.");
        connection.AddTo(command);
        return command.Does(ListAsync);
    }

    private async Task ListAsync(ParseResult parse, CancellationToken cancellation)
    {
        await using var server = await ServerSession.OpenAsync(connection.Read(parse), cancellation);
        var info = await server.Client.Server.GetServerInfoAsync(new GetServerInfoRequest(), cancellationToken: cancellation);
        if (info.MethodsProblem.Length > 0)
        {
            throw new IOException(info.MethodsProblem);
        }

        foreach (var method in info.Methods)
        {
            Console.WriteLine($"{method.Name}: {method.Description}");
            if (method.Options.Count == 0)
            {
                Console.WriteLine("no options\n");
                continue;
            }

            var table = new TextTable("OPTION", "DEFAULT", "ALLOWED", "WHAT IT DOES");
            foreach (var option in method.Options)
            {
                table.Add(option.Name, option.DefaultValue.Length > 0 ? option.DefaultValue : "by the table", option.Allowed, option.Description);
            }

            Console.WriteLine($"{table}\n");
        }
    }
}
