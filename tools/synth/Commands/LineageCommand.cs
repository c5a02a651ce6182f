using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth lineage</c>: where something comes from, and what came of it.</summary>
internal sealed class LineageCommand
{
    private static readonly string[] Collections = ["generators", "datasets", "syntheticDatasets", "evaluations"];

    private readonly ServerCommand server = new();
    private readonly Argument<string> name = new("NAME")
    {
        Description = "Resource name of a data set, generator, synthetic data set or evaluation; or its id, which is looked for in that order, generators and their aliases first.",
    };

    private readonly Option<string> format = new("--format") { Description = "tree, json or dot (for Graphviz).", DefaultValueFactory = _ => "tree", HelpName = "FORM" };

    public Command Create() => server.Create(
        "lineage", "Show where something comes from, and what came of it: data set versions, configurations, code, generators, synthetic data, reports.", [name, format], ShowAsync);

    private async Task ShowAsync(ServerCall call)
    {
        var form = call.Parse.GetValue(format);
        if (form is not ("tree" or "json" or "dot")) throw new BadInputException($"--format: '{form}' is none of tree, json and dot.");
        var lineage = await FindAsync(call, call.Parse.GetRequiredValue(name));
        Console.WriteLine(form switch
        {
            "json" => Names.Json(lineage),
            "dot" => LineageText.Dot(lineage),
            _ => LineageText.Tree(lineage),
        });
    }

    private static async Task<Lineage> FindAsync(ServerCall call, string name)
    {
        foreach (var collection in name.Contains('/', StringComparison.Ordinal) ? Collections[..1] : Collections)
        {
            try
            {
                var request = new GetLineageRequest { Parent = call.Client.Project, Resource = call.Client.Resource(collection, name) };
                return await call.Client.Registry.GetLineageAsync(request, cancellationToken: call.Cancellation);
            }
            catch (Grpc.Core.RpcException e)
                when (e.StatusCode == Grpc.Core.StatusCode.NotFound
                    && collection != Collections[^1] && !name.Contains('/', StringComparison.Ordinal))
            {
                // The next collection may have it.
            }
        }

        throw new BadInputException($"{call.Client.Project} has no data set, generator, synthetic data set or evaluation '{name}'.");
    }
}
