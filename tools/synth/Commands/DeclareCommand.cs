using System.CommandLine;
using SynthStudio.Cli.Running;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth generators declare</c>: makes a generator of a declared schema, without data, and waits the moment until it draws rows.</summary>
internal sealed class DeclareCommand(TimeProvider time)
{
    private const string Method = "schema", Declaration = "declaration";

    private readonly Argument<FileInfo> schema = new("SCHEMA") { Description = "Mock schema: a JSON file that declares the columns, as synth mock takes it." };
    private readonly Option<string> id = new("--id") { Description = "Last part of the generator's name; by default the server chooses.", HelpName = "ID", DefaultValueFactory = _ => "" };
    private readonly Option<string> displayName = new("--display-name") { Description = "Name for people.", HelpName = "NAME", DefaultValueFactory = _ => "" };

    /// <param name="server">Makes the command.</param>
    public Command Create(ServerCommand server) => server.Create(
        "declare", "Make a generator that draws rows of a declared schema: no data is read.", [schema, id, displayName], DeclareAsync, computes: true);

    private async Task DeclareAsync(ServerCall call)
    {
        var file = InputFiles.Table("SCHEMA", call.Parse.GetRequiredValue(schema));
        var wanted = new Generator
        {
            Method = Method, DisplayName = call.Parse.GetValue(displayName),
            Options = { [Declaration] = await File.ReadAllTextAsync(file.FullName, call.Cancellation) },
        };
        var created = await call.Client.Generators.CreateGeneratorAsync(
            new CreateGeneratorRequest { Parent = call.Client.Project, GeneratorId = call.Parse.GetValue(id), Generator = wanted },
            cancellationToken: call.Cancellation);
        var started = await GeneratorTraining.StartAsync(call.Client, new TrainGeneratorRequest { Name = created.Name }, call.Cancellation);
        Console.WriteLine(created.Name);
        await JobWatching.WatchAsync(call, started.Training.Name, time);
    }
}
