using System.CommandLine;
using System.Globalization;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary>What <c>synth generators</c> does with the registry: aliases, model cards, comparison.</summary>
internal sealed class RegistryCommands
{
    private readonly Argument<string> alias = new("ALIAS") { Description = "What the generator is used for, for example champion." };
    private readonly Argument<string> other = new("OTHER") { Description = "Resource name, id or alias of the other generator." };
    private readonly Option<string?> file = new("--out") { Description = "File for the card: .md is Markdown, .html a page, anything else JSON. Without, Markdown is shown.", HelpName = "FILE" };

    /// <param name="server">Makes the commands.</param>
    /// <param name="generator">The argument that names the generator.</param>
    public IEnumerable<Command> Create(ServerCommand server, Argument<string> generator) =>
    [
        server.Create("alias", "Point an alias at a generator; it stands wherever a generator's name may.", [alias, generator], call => SetAsync(call, generator)),
        server.Create("aliases", "List the aliases of the project.", [], ListAsync),
        server.Create("unalias", "Take an alias away; its generator stays.", [alias], DeleteAsync),
        server.Create("card", "Show or write the model card: stored facts only, and what was not measured.", [generator, file], call => CardAsync(call, generator)),
        server.Create("diff", "Lay two generators side by side: definitions and figures.", [generator, other], call => CompareAsync(call, generator)),
    ];

    private async Task SetAsync(ServerCall call, Argument<string> generator)
    {
        var request = new SetGeneratorAliasRequest
        {
            Parent = call.Client.Project, AliasId = call.Parse.GetRequiredValue(alias), Generator = Named(call, generator),
        };
        var set = await call.Client.Registry.SetGeneratorAliasAsync(request, cancellationToken: call.Cancellation);
        Console.WriteLine($"{Names.Id(set.Name)} is {set.Generator}.");
    }

    private static async Task ListAsync(ServerCall call)
    {
        var all = await call.Client.Registry.ListGeneratorAliasesAsync(
            new ListGeneratorAliasesRequest { Parent = call.Client.Project }, cancellationToken: call.Cancellation);
        var table = new TextTable("ALIAS", "GENERATOR", "BY", "SINCE");
        foreach (var known in all.GeneratorAliases)
        {
            table.Add(Names.Id(known.Name), Names.Id(known.Generator), Names.Id(known.Creator), $"{known.UpdateTime.ToDateTimeOffset():u}");
        }

        Console.WriteLine(table);
    }

    private async Task DeleteAsync(ServerCall call)
    {
        var name = call.Client.Resource("generatorAliases", call.Parse.GetRequiredValue(alias));
        await call.Client.Registry.DeleteGeneratorAliasAsync(new DeleteGeneratorAliasRequest { Name = name }, cancellationToken: call.Cancellation);
        Console.WriteLine($"{name} is deleted.");
    }

    private async Task CardAsync(ServerCall call, Argument<string> generator)
    {
        var path = call.Parse.GetValue(file);
        var request = new GetModelCardRequest
        {
            Name = $"{Named(call, generator)}/modelCard",
            Format = Path.GetExtension(path)?.ToLowerInvariant() switch
            {
                null or ".md" => ModelCardFormat.Markdown,
                ".html" or ".htm" => ModelCardFormat.Html,
                _ => ModelCardFormat.Json,
            },
        };
        var card = await call.Client.Registry.GetModelCardAsync(request, cancellationToken: call.Cancellation);
        if (path is null) Console.WriteLine(card.Content);
        else await File.WriteAllTextAsync(path, card.Content, call.Cancellation);
    }

    private async Task CompareAsync(ServerCall call, Argument<string> generator)
    {
        var request = new GetGeneratorComparisonRequest { Name = Named(call, generator), Other = call.Client.Resource("generators", call.Parse.GetRequiredValue(other)) };
        var found = await call.Client.Registry.GetGeneratorComparisonAsync(request, cancellationToken: call.Cancellation);
        var table = new TextTable("", Names.Id(found.Name), Names.Id(found.Other));
        table.Add("data", found.SameData ? "the same" : "", found.SameData ? "the same" : "other");
        table.Add("configuration", found.SameConfig ? "the same" : "", found.SameConfig ? "the same" : "other");
        foreach (var difference in found.Differences)
        {
            table.Add(difference.Field, difference.Value, difference.OtherValue);
        }

        foreach (var figure in found.Figures)
        {
            table.Add(figure.Name, figure.HasValue ? Number(figure.Value) : "not measured", figure.HasOtherValue ? Number(figure.OtherValue) : "not measured");
        }

        Console.WriteLine(table);
    }

    private static string Named(ServerCall call, Argument<string> generator) => call.Client.Resource("generators", call.Parse.GetRequiredValue(generator));

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
