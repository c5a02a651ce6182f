using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Webhooks;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Api.Services;

internal sealed class WebhookService(
    WebhookStore webhooks, WebhookSecrets secrets, ReceiverAddresses addresses, WebhookOptions options, PageTokens pages, TimeProvider time)
    : V1.WebhookService.WebhookServiceBase
{
    private static readonly TimeSpan OldSecretLifetime = TimeSpan.FromHours(24);

    public override async Task<V1.CreateWebhookResponse> CreateWebhook(V1.CreateWebhookRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.Webhook, "webhook");
        var now = time.Now();
        var webhook = new WebhookRecord
        {
            Name = $"{request.Parent}/webhooks/{ResourceIds.Choose(context, "webhook_id", request.WebhookId, request.RequestId)}",
            Project = request.Parent,
            DisplayName = Check.DisplayName(wanted.DisplayName, "webhook.display_name"),
            Url = CheckUrl(wanted.Url),
            EventTypes = CheckTypes(wanted.EventTypes),
            Disabled = wanted.Disabled,
            Salt = WebhookSecrets.NewSalt(),
            Creator = Caller.Of(context).User,
            CreateTime = now,
            UpdateTime = now,
        };
        webhook = await RepeatableCreation.CreateOrTakeUpAsync(
            request.RequestId, webhook,
            () => CreateAsync(webhook, context),
            () => webhooks.FindAsync(webhook.Name, context.CancellationToken),
            left => left.Version == 1 && left.Creator == webhook.Creator && left.Url == webhook.Url && left.DisplayName == webhook.DisplayName);
        return new V1.CreateWebhookResponse { Webhook = webhook.ToProto(now), Secret = secrets.Text(webhook.Name, webhook.Salt) };
    }

    public override async Task<V1.Webhook> GetWebhook(V1.GetWebhookRequest request, ServerCallContext context) =>
        (await FindAsync(request.Name, context)).ToProto(time.GetUtcNow());

    public override async Task<V1.ListWebhooksResponse> ListWebhooks(V1.ListWebhooksRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken, page => webhooks.ListAsync(request.Parent, page, context.CancellationToken));
        var now = time.GetUtcNow();
        return new V1.ListWebhooksResponse { Webhooks = { items.Select(item => item.ToProto(now)) }, NextPageToken = next };
    }

    public override async Task<V1.Webhook> UpdateWebhook(V1.UpdateWebhookRequest request, ServerCallContext context)
    {
        var paths = UpdateMasks.Resolve(request.UpdateMask, "display_name", "url", "event_types", "disabled");
        var webhook = await FindAsync(request.Webhook.Name, context);
        Etags.Check(request.Webhook.Etag, webhook.Name, webhook.Version);
        var changed = await webhooks.UpdateAsync(
            webhook with
            {
                DisplayName = paths.Contains("display_name") ? Check.DisplayName(request.Webhook.DisplayName, "webhook.display_name") : webhook.DisplayName,
                Url = paths.Contains("url") ? CheckUrl(request.Webhook.Url) : webhook.Url,
                EventTypes = paths.Contains("event_types") ? CheckTypes(request.Webhook.EventTypes) : webhook.EventTypes,
                Disabled = paths.Contains("disabled") ? request.Webhook.Disabled : webhook.Disabled,
                UpdateTime = time.Now(),
            },
            context.CancellationToken);
        return changed.ToProto(time.GetUtcNow());
    }

    public override async Task<Empty> DeleteWebhook(V1.DeleteWebhookRequest request, ServerCallContext context)
    {
        var webhook = await FindAsync(request.Name, context);
        Etags.Check(request.Etag, webhook.Name, webhook.Version);
        await webhooks.DeleteAsync(webhook.Name, request.Etag.Length > 0 ? webhook.Version : null, context.CancellationToken);
        return new Empty();
    }

    public override async Task<V1.RotateWebhookSecretResponse> RotateWebhookSecret(V1.RotateWebhookSecretRequest request, ServerCallContext context)
    {
        var webhook = await FindAsync(request.Name, context);
        var now = time.Now();
        var changed = await webhooks.UpdateAsync(
            webhook with
            {
                Salt = WebhookSecrets.NewSalt(), OldSalt = webhook.Salt, OldSaltUntil = now + OldSecretLifetime, UpdateTime = now,
            },
            context.CancellationToken);
        return new V1.RotateWebhookSecretResponse
        {
            Webhook = changed.ToProto(now), Secret = secrets.Text(changed.Name, changed.Salt),
            OldSecretExpireTime = changed.OldSaltUntil?.ToProto(),
        };
    }

    public override async Task<V1.WebhookDelivery> PingWebhook(V1.PingWebhookRequest request, ServerCallContext context)
    {
        var webhook = await FindAsync(request.Name, context);
        if (webhook.Disabled) throw ApiErrors.Precondition(ErrorReasons.StateForbids, webhook.Name, $"{webhook.Name} is switched off: switch it on first.");
        var id = request.RequestId.Length > 0 ? ResourceIds.FromRequest(context, request.RequestId) : ResourceIds.New();
        return (await webhooks.NoteAsync(webhook.Name, WebhookEvent.Ping(webhook.Name, id, time.Now()), context.CancellationToken)).ToProto();
    }

    public override async Task<V1.WebhookDelivery> GetWebhookDelivery(V1.GetWebhookDeliveryRequest request, ServerCallContext context) =>
        (await webhooks.FindDeliveryAsync(request.Name, context.CancellationToken) ?? throw ApiErrors.NotFound(request.Name)).ToProto();

    public override async Task<V1.ListWebhookDeliveriesResponse> ListWebhookDeliveries(V1.ListWebhookDeliveriesRequest request, ServerCallContext context)
    {
        DeliveryState? state = request.State switch
        {
            V1.WebhookDeliveryState.Unspecified => null,
            V1.WebhookDeliveryState.Pending => DeliveryState.Pending,
            V1.WebhookDeliveryState.Delivered => DeliveryState.Delivered,
            V1.WebhookDeliveryState.Dead => DeliveryState.Dead,
            _ => throw ApiErrors.InvalidField("state", "must be pending, delivered or dead."),
        };
        await FindAsync(request.Parent, context);
        var (items, next) = await pages.ReadAsync(
            context, $"{request.Parent}\n{state}", request.PageSize, request.PageToken,
            page => webhooks.ListDeliveriesAsync(request.Parent, state, page, context.CancellationToken));
        return new V1.ListWebhookDeliveriesResponse { Deliveries = { items.Select(item => item.ToProto()) }, NextPageToken = next };
    }

    public override async Task<V1.ReplayWebhookDeliveriesResponse> ReplayWebhookDeliveries(V1.ReplayWebhookDeliveriesRequest request, ServerCallContext context)
    {
        await FindAsync(request.Parent, context);
        if (request.Delivery.Length == 0)
            return new V1.ReplayWebhookDeliveriesResponse { Replayed = await webhooks.ReplayAsync(request.Parent, delivery: null, context.CancellationToken) };

        if (!ResourcePattern.WebhookDelivery.Matches(request.Delivery) || !request.Delivery.StartsWith($"{request.Parent}/", StringComparison.Ordinal))
            throw ApiErrors.InvalidField("delivery", $"must be a name like {request.Parent}/deliveries/*.", ErrorReasons.InvalidName);
        if (await webhooks.FindDeliveryAsync(request.Delivery, context.CancellationToken) is null) throw ApiErrors.NotFound(request.Delivery);
        return new V1.ReplayWebhookDeliveriesResponse { Replayed = await webhooks.ReplayAsync(request.Parent, request.Delivery, context.CancellationToken) };
    }

    private async Task CreateAsync(WebhookRecord webhook, ServerCallContext context)
    {
        if (await webhooks.TryCreateAsync(webhook, options.MaxPerProject, context.CancellationToken)) return;
        throw ApiErrors.QuotaExceeded(
            webhook.Project, "webhooks", left: 0, $"{webhook.Project} has {options.MaxPerProject} webhooks, as many as a project may have. Delete one that is not needed.");
    }

    private async Task<WebhookRecord> FindAsync(string name, ServerCallContext context) =>
        await webhooks.FindAsync(name, context.CancellationToken) ?? throw ApiErrors.NotFound(name);

    private string CheckUrl(string url) => addresses.Problem(url) is { } problem ? throw ApiErrors.InvalidField("webhook.url", problem) : url;

    private static IReadOnlyList<string> CheckTypes(IEnumerable<string> types)
    {
        IReadOnlyList<string> wanted = [.. types.Distinct(StringComparer.Ordinal)];
        return wanted.FirstOrDefault(type => !EventTypes.IsPattern(type)) is not { } unknown ? wanted : throw ApiErrors.InvalidField(
            "webhook.event_types", $"{unknown} is not known. Types are like training.succeeded, training.* or *; jobs are training, generation, evaluation, profiling and analysis, "
            + "their ends succeeded, failed and cancelled; so end import and export; others are dataset.created, "
            + "dataset, generator and synthetic_dataset with deleted, undeleted and purged, member.changed, budget.low and exhausted, and quota.reached.");
    }
}
