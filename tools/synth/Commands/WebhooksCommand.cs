using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth webhooks</c>: who is told of what happens in the project, and what came of telling them. For owners.</summary>
internal sealed class WebhooksCommand
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> name = new("WEBHOOK") { Description = "Resource name or id of the webhook." };
    private readonly Argument<string> url = new("URL") { Description = "Where events are sent to, https://…" };
    private readonly Option<string> id = new("--id") { Description = "Last part of its name; by default the server chooses.", HelpName = "ID", DefaultValueFactory = _ => "" };
    private readonly Option<string?> newUrl = new("--url") { Description = "Where events are sent to.", HelpName = "URL" };
    private readonly Option<string?> display = new("--name") { Description = "A name for people.", HelpName = "TEXT" };

    private readonly Option<string[]> types = new("--on")
    {
        Description = "What of: training.succeeded, training.*, or * for all; can be given several times.", HelpName = "TYPE", DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> off = new("--off") { Description = "Send nothing." };
    private readonly Option<bool> on = new("--on-again") { Description = "Send again, without waiting after failures." };
    private readonly Option<WebhookDeliveryState> state = new("--state") { Description = "Only those in this state: pending, delivered or dead.", HelpName = "STATE" };
    private readonly Option<int> limit = new("--limit") { Description = "At most so many, the newest; 1 to 1000.", HelpName = "N", DefaultValueFactory = _ => 50 };
    private readonly Argument<string> sent = new("DELIVERY") { Description = "Resource name or id of the delivery." };
    private readonly Option<string?> delivery = new("--delivery") { Description = "One delivery; without it all that were given up.", HelpName = "NAME" };

    public Command Create() => new("webhooks", "Tell other systems what happens in the project, and see what came of it; for owners.")
    {
        server.Create("create", "Send events to an address; prints the secret that they are signed with, once.", [url, id, types, display], CreateAsync),
        server.Create("list", "List the webhooks.", [], ListAsync),
        server.Create("show", "Show a webhook as JSON.", [name], async call => Console.WriteLine(Names.Json(
            await call.Client.Webhooks.GetWebhookAsync(new GetWebhookRequest { Name = Webhook(call) }, cancellationToken: call.Cancellation)))),
        server.Create("update", "Change a webhook, switch it off or on again.", [name, newUrl, types, display, off, on], UpdateAsync),
        server.Create("delete", "Delete a webhook with its deliveries.", [name], async call =>
            await call.Client.Webhooks.DeleteWebhookAsync(
                new DeleteWebhookRequest { Name = Webhook(call) }, cancellationToken: call.Cancellation)),
        server.Create("rotate-secret", "Make a new secret and print it, once; the old one signs too for a day.", [name], async call => Console.WriteLine(
            (await call.Client.Webhooks.RotateWebhookSecretAsync(
                new RotateWebhookSecretRequest { Name = Webhook(call) },
                cancellationToken: call.Cancellation)).Secret)),
        server.Create("ping", "Send an event of type webhook.ping.", [name], async call => Console.WriteLine(
            (await call.Client.Webhooks.PingWebhookAsync(
                new PingWebhookRequest { Name = Webhook(call) },
                cancellationToken: call.Cancellation)).Name)),
        server.Create("deliveries", "List what was sent, newest first.", [name, state, limit], DeliveriesAsync),
        server.Create("delivery", "Show a delivery with each attempt as JSON.", [name, sent], async call => Console.WriteLine(Names.Json(
            await call.Client.Webhooks.GetWebhookDeliveryAsync(
                new GetWebhookDeliveryRequest { Name = Delivery(Webhook(call), call.Parse.GetRequiredValue(sent)) }, cancellationToken: call.Cancellation)))),
        server.Create("replay", "Send again what was given up, or one delivery.", [name, delivery], ReplayAsync),
    };

    private async Task CreateAsync(ServerCall call)
    {
        var made = await call.Client.Webhooks.CreateWebhookAsync(
            new CreateWebhookRequest
            {
                Parent = call.Client.Project,
                WebhookId = call.Parse.GetRequiredValue(id),
                Webhook = new Webhook
                {
                    Url = call.Parse.GetRequiredValue(url), DisplayName = call.Parse.GetValue(display) ?? "",
                    EventTypes = { call.Parse.GetRequiredValue(types) },
                },
            },
            cancellationToken: call.Cancellation);
        Console.WriteLine(made.Webhook.Name);
        Console.WriteLine(made.Secret);
    }

    private static async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("WEBHOOK", "URL", "ON", "STATE", "MADE BY", "NAME");
        var entries = Pages.ReadAsync(
            token => call.Client.Webhooks.ListWebhooksAsync(
                new ListWebhooksRequest { Parent = call.Client.Project, PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.Webhooks, page => page.NextPageToken);
        await foreach (var webhook in entries)
        {
            table.Add(
                Names.Id(webhook.Name), webhook.Url, webhook.EventTypes.Count == 0 ? "*" : string.Join(", ", webhook.EventTypes),
                webhook.Disabled ? "off" : webhook.ConsecutiveFailures > 0 ? string.Create(CultureInfo.InvariantCulture, $"down {webhook.ConsecutiveFailures} times") : "on",
                webhook.Creator, webhook.DisplayName);
        }

        Console.WriteLine(table);
    }

    private async Task UpdateAsync(ServerCall call)
    {
        var webhook = new Webhook
        {
            Name = Webhook(call), Url = call.Parse.GetValue(newUrl) ?? "", DisplayName = call.Parse.GetValue(display) ?? "",
            EventTypes = { call.Parse.GetRequiredValue(types) },
            Disabled = call.Parse.GetValue(off),
        };
        if (webhook.Disabled && call.Parse.GetValue(on)) throw new BadInputException("--off and --on-again exclude each other.");
        (string Field, bool IsGiven)[] changes =
        [
            ("url", call.Parse.GetValue(newUrl) is not null), ("display_name", call.Parse.GetValue(display) is not null), ("event_types", webhook.EventTypes.Count > 0),
            ("disabled", webhook.Disabled || call.Parse.GetValue(on)),
        ];
        var mask = new FieldMask { Paths = { changes.Where(change => change.IsGiven).Select(change => change.Field) } };
        if (mask.Paths.Count == 0) throw new BadInputException("There is nothing to change: give --url, --on, --name, --off or --on-again.");
        Console.WriteLine(Names.Json(await call.Client.Webhooks.UpdateWebhookAsync(
            new UpdateWebhookRequest { Webhook = webhook, UpdateMask = mask }, cancellationToken: call.Cancellation)));
    }

    private async Task DeliveriesAsync(ServerCall call)
    {
        var table = new TextTable("DELIVERY", "TIME", "EVENT", "STATE", "ATTEMPTS", "LAST");
        var page = await call.Client.Webhooks.ListWebhookDeliveriesAsync(
            new ListWebhookDeliveriesRequest
            {
                Parent = Webhook(call), State = call.Parse.GetValue(state), PageSize = call.Parse.GetValue(limit),
            },
            cancellationToken: call.Cancellation);
        foreach (var sent in page.Deliveries)
        {
            table.Add(
                Names.Id(sent.Name), sent.CreateTime.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), sent.EventType, Names.Of(sent.State),
                sent.Attempts.Count.ToString(CultureInfo.InvariantCulture), sent.Attempts.LastOrDefault() is { } last ? $"{last.HttpStatus} {last.Error}".Trim() : "");
        }

        Console.WriteLine(table);
    }

    private async Task ReplayAsync(ServerCall call)
    {
        var hook = Webhook(call);
        var one = call.Parse.GetValue(delivery) is not { } given ? "" : Delivery(hook, given);
        var answer = await call.Client.Webhooks.ReplayWebhookDeliveriesAsync(
            new ReplayWebhookDeliveriesRequest { Parent = hook, Delivery = one }, cancellationToken: call.Cancellation);
        Console.WriteLine($"{answer.Replayed} will be sent again.");
    }

    private static string Delivery(string webhook, string given) => given.Contains('/', StringComparison.Ordinal) ? given : $"{webhook}/deliveries/{given}";

    private string Webhook(ServerCall call) => call.Client.Resource("webhooks", call.Parse.GetRequiredValue(name));
}
