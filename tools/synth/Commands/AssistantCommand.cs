using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth assistant</c>: asks the language models that the server's operator set up.</summary>
internal sealed class AssistantCommand
{
    private readonly ServerCommand server = new();
    private readonly Argument<string?> question = new("QUESTION") { Description = "The question; without one, questions are read line by line.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> about = new("QUESTION") { Description = "What to explain, for example a figure's name; without, the whole.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string> evaluation = new("EVALUATION") { Description = "Resource name or id of the evaluation." };
    private readonly Argument<string> generator = new("GENERATOR") { Description = "Resource name, id or alias of the generator." };
    private readonly Argument<string> dataset = new("DATASET") { Description = "Resource name or id of the data set." };
    private readonly Argument<string> description = new("DESCRIPTION") { Description = "What the table is to hold." };
    private readonly Argument<string> pack = new("PACK") { Description = "Resource name or id of the evidence pack." };
    private readonly Option<EvidenceFramework> framework = new("--framework") { Description = "Only what the pack says of this one: gdpr, hipaa, ccpa or soc2.", HelpName = "NAME" };
    private readonly Option<FileInfo?> document = new("--out") { Description = "Markdown file for the document; without, it is shown.", HelpName = "FILE" };
    private readonly Option<FileInfo?> declaration = new("--out") { Description = "File for the declaration, for synth mock; without, it is shown.", HelpName = "FILE" };
    private readonly Option<int> rows = new("--rows") { Description = "Rows to show of it, 1 to 100.", HelpName = "N", DefaultValueFactory = _ => 10 };
    private readonly Option<bool> allow = new("--allow") { Description = "Let values of the data set be sent to the language models that there are now." };
    private readonly Option<bool> revoke = new("--revoke") { Description = "Let them be sent no more." };

    public Command Create() => new("assistant", "Ask language models about the project. They are told names, kinds and figures; values only of data sets that you allow.")
    {
        server.Create("status", "Show which language models there are, where they are, and the tokens that are left.", [], StatusAsync),
        server.Create("chat", "Ask about the project's data sets, generators and results.", [question], ChatAsync),
        server.Create("explain", "Explain an evaluation, or a figure of it.", [evaluation, about], ExplainAsync),
        server.Create("suggest", "Suggest options for a generator's next training.", [generator], SuggestAsync),
        server.Create("draft", "Draft a model card from stored facts, each sentence with those it rests on.", [generator, document], DraftAsync),
        server.Create("narrative", "Draft what an evidence pack says of controls, each sentence with the facts of the pack that it rests on; for owners.", [pack, framework, document], NarrateAsync),
        server.Create("propose-schema", "Declare a table from a description, as synth mock takes it.", [description, declaration, rows], ProposeAsync),
        server.Create("classify", "Say what columns probably hold, by their names and kinds alone.", [dataset], ClassifyAsync),
        server.Create("consent", "Show whether values of a data set may be sent to language models, or say so.", [dataset, allow, revoke], ConsentAsync),
    };

    private static async Task StatusAsync(ServerCall call)
    {
        var status = await call.Client.Assistant.GetAssistantStatusAsync(new GetAssistantStatusRequest { Name = $"{call.Client.Project}/assistant" }, cancellationToken: call.Cancellation);
        var table = new TextTable("ID", "MODEL", "AT", "ASKED FOR");
        foreach (var model in status.Models) table.Add(model.Id, model.Model, model.Recipient, string.Join(", ", model.Tasks));
        Console.WriteLine(table);
        var most = status.TokensPerMonth == 0 ? "any number" : status.TokensPerMonth.ToString("N0", CultureInfo.InvariantCulture);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{status.TokensUsed:N0} tokens taken this month, of {most}."));
    }

    private async Task ChatAsync(ServerCall call)
    {
        var request = new ChatAboutProjectRequest { Parent = call.Client.Project };
        if (call.Parse.GetValue(question) is { } one)
        {
            await AskAsync(call, request, one);
            return;
        }

        while (await Console.In.ReadLineAsync(call.Cancellation) is { } line)
        {
            if (line.Trim().Length > 0) await AskAsync(call, request, line);
        }
    }

    /// <summary>Asks, and keeps what was said for the next question.</summary>
    private static async Task AskAsync(ServerCall call, ChatAboutProjectRequest request, string question)
    {
        request.Turns.Add(new ChatTurn { Role = ChatRole.User, Text = question });
        using var answer = call.Client.Assistant.ChatAboutProject(request, cancellationToken: call.Cancellation);
        request.Turns.Add(new ChatTurn { Role = ChatRole.Assistant, Text = await ShowAsync(answer.ResponseStream, call.Cancellation) });
    }

    private async Task ExplainAsync(ServerCall call)
    {
        var request = new ExplainEvaluationRequest
        {
            Name = call.Client.Resource("evaluations", call.Parse.GetRequiredValue(evaluation)),
            Question = call.Parse.GetValue(about) ?? "",
        };
        using var answer = call.Client.Assistant.ExplainEvaluation(request, cancellationToken: call.Cancellation);
        await ShowAsync(answer.ResponseStream, call.Cancellation);
    }

    /// <summary>Writes an answer as it comes, and what was looked up beside it; answers its words.</summary>
    private static async Task<string> ShowAsync(IAsyncStreamReader<AssistantEvent> events, CancellationToken cancellation)
    {
        var text = "";
        await foreach (var piece in events.ReadAllAsync(cancellation))
        {
            Console.Write(piece.Text);
            text += piece.Text;
            if (piece.ToolUse is { } look)
                await Console.Error.WriteLineAsync($"[{look.Tool} {look.Resource}{(look.ErrorReason.Length > 0 ? $": {look.ErrorReason}" : look.RealValues ? ": real values" : "")}]");
            if (piece.End is { UnsupportedNumbers.Count: > 0 } end)
                await Console.Error.WriteLineAsync($"\nNumbers that stand in nothing that the model was given: {string.Join(", ", end.UnsupportedNumbers)}");
        }

        Console.WriteLine();
        return text;
    }

    private async Task SuggestAsync(ServerCall call)
    {
        var advice = await call.Client.Assistant.SuggestGeneratorOptionsAsync(
            new SuggestGeneratorOptionsRequest { Name = Generator(call) }, cancellationToken: call.Cancellation);
        Console.WriteLine(advice.Summary);
        var table = new TextTable("OPTION", "NOW", "SUGGESTED", "BECAUSE");
        foreach (var s in advice.Suggestions) table.Add(s.Option, s.CurrentValue.Length > 0 ? s.CurrentValue : "default", s.Value, s.Reason);
        Console.WriteLine(table);
        foreach (var rejected in advice.Rejected) await Console.Error.WriteLineAsync($"Left out: {rejected}");
    }

    private async Task DraftAsync(ServerCall call) => await WriteAsync(
        call, await call.Client.Assistant.DraftModelCardAsync(new DraftModelCardRequest { Name = Generator(call) }, cancellationToken: call.Cancellation));

    private async Task NarrateAsync(ServerCall call) => await WriteAsync(
        call,
        await call.Client.Assistant.DraftComplianceNarrativeAsync(
            new DraftComplianceNarrativeRequest
            {
                Name = call.Client.Resource("evidencePacks", call.Parse.GetRequiredValue(pack)),
                Framework = call.Parse.GetValue(framework),
            },
            cancellationToken: call.Cancellation));

    private async Task WriteAsync(ServerCall call, DraftedDocument draft)
    {
        await WriteAsync(call.Parse.GetValue(document), draft.Markdown, call.Cancellation);
        foreach (var sentence in draft.Rejected) await Console.Error.WriteLineAsync($"Left out, it {sentence.Reason}: {sentence.Text}");
    }

    private async Task ProposeAsync(ServerCall call)
    {
        var proposed = await call.Client.Assistant.ProposeTableAsync(
            new ProposeTableRequest
            {
                Parent = call.Client.Project, Description = call.Parse.GetRequiredValue(description),
                SeedRows = call.Parse.GetValue(rows),
            },
            cancellationToken: call.Cancellation);
        await WriteAsync(call.Parse.GetValue(declaration), proposed.DeclarationJson, call.Cancellation);
        Console.WriteLine(proposed.Csv.TrimEnd());
    }

    private async Task ClassifyAsync(ServerCall call)
    {
        var found = await call.Client.Assistant.ClassifyColumnsAsync(new ClassifyColumnsRequest { Name = Dataset(call) }, cancellationToken: call.Cancellation);
        var table = new TextTable("COLUMN", "KIND", "PROBABLY", "TELLS OF A PERSON", "SURE", "BECAUSE");
        foreach (var c in found.Columns) table.Add(c.Column, c.Kind, c.Content, Names.Of(c.Sensitivity), c.Confidence, c.Reason);
        Console.WriteLine(table);
    }

    private async Task ConsentAsync(ServerCall call)
    {
        var (given, taken) = (call.Parse.GetValue(allow), call.Parse.GetValue(revoke));
        if (given && taken) throw new BadInputException("--allow excludes --revoke.");
        var name = $"{Dataset(call)}/assistantConsent";
        var consent = given || taken
            ? await call.Client.Assistant.UpdateAssistantConsentAsync(
                new UpdateAssistantConsentRequest { AssistantConsent = new AssistantConsent { Name = name, RealValues = given } },
                cancellationToken: call.Cancellation)
            : await call.Client.Assistant.GetAssistantConsentAsync(
                new GetAssistantConsentRequest { Name = name }, cancellationToken: call.Cancellation);
        Console.WriteLine(consent.RealValues
            ? $"Values may be sent to {string.Join(", ", consent.Recipients)}, says {consent.Grantor} since {consent.GrantTime.ToDateTimeOffset():u}."
            : "No values are sent to language models.");
    }

    private static async Task WriteAsync(FileInfo? file, string text, CancellationToken cancellation)
    {
        if (file is null) Console.WriteLine(text);
        else await File.WriteAllTextAsync(file.FullName, text, cancellation);
    }

    private string Generator(ServerCall call) => call.Client.Resource("generators", call.Parse.GetRequiredValue(generator));

    private string Dataset(ServerCall call) => call.Client.Resource("datasets", call.Parse.GetRequiredValue(dataset));
}
