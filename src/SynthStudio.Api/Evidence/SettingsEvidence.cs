using SynthStudio.Api.Lifecycle;
using SynthStudio.Assistant;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;
using SynthStudio.Catalog.Webhooks;
using SynthStudio.Evidence.Facts;
using SynthStudio.Storage;

namespace SynthStudio.Api.Evidence;

/// <summary>
/// Reads who is in a project, what it keeps, whom it tells, and how the server is set up. No secrets, no addresses of people.
/// </summary>
internal sealed class SettingsEvidence(
    ProjectStore projects, AccountStore accounts, ExternalIdentityStore identities, ServiceAccountStore programs, DataPolicyStore policies,
    WebhookStore webhooks, ApiOptions options, StorageFacts storage)
{
    public async Task<AccessFacts> AccessAsync(ProjectRecord project, CancellationToken cancellation)
    {
        var members = new List<MemberFacts>();
        // By one that was taken out of the settings nobody signs in.
        var offered = options.OpenId.Providers.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var member in await projects.ListMembersAsync(project.Name, cancellation))
        {
            var account = await accounts.FindAsync(member.User, cancellation);
            members.Add(new MemberFacts(
                member.User, member.Role.ToString(), await programs.IsProgramAsync(member.User, cancellation),
                account is { Password.Length: > 0 }, account is { SecondFactorActive: true })
            {
                SignInProviders =
                [
                    .. (await identities.ListAsync(member.User, cancellation))
                        .Select(i => i.Provider)
                        .Where(offered.Contains)
                        .Distinct(StringComparer.Ordinal)
                        .Order(StringComparer.Ordinal),
                ],
            });
        }

        return new AccessFacts(new FactSource($"{project.Name}/members"), members, (await policies.FindAsync(project.Name, cancellation)).ToString());
    }

    public static RetentionFacts Retention(ProjectRecord project, ProjectContents contents, DateTimeOffset now)
    {
        var (policy, plan) = (project.Retention, RetentionPlan.Make(contents, project.Retention, now));
        var days = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (kind, time) in new[]
                 {
                     ("datasets", policy.Datasets), ("generators", policy.Generators), ("synthetic_datasets", policy.SyntheticDatasets), ("evaluations", policy.Evaluations),
                     ("evidence_packs", policy.EvidencePacks),
                 })
        {
            if (time is { } set) days[kind] = set.TotalDays;
        }

        return new RetentionFacts(
            new FactSource(project.Name, project.UpdateTime), days, [.. plan.Removed.Select(item => item.Name)],
            plan.Kept.ToDictionary(item => item.Name, item => item.KeptBecause, StringComparer.Ordinal));
    }

    public async Task<IReadOnlyList<ReceiverFacts>> ReceiversAsync(string project, CancellationToken cancellation) =>
    [
        .. (await ProjectContentsReader.ReadAllAsync(page => webhooks.ListAsync(project, page, cancellation)))
            .Select(w => (Webhook: w, Url: new Uri(w.Url)))
            .Select(w => new ReceiverFacts(
                new FactSource(w.Webhook.Name, w.Webhook.UpdateTime), w.Url.Host, w.Url.Scheme == Uri.UriSchemeHttps, !w.Webhook.Disabled)),
    ];

    public InstallationFacts Installation() => new()
    {
        EncryptsObjects = storage.EncryptsObjects, UsesBucket = storage.UsesBucket, Registration = options.Accounts.Registration.ToString(),
        PasswordMemoryKiB = options.Accounts.PasswordMemoryKiB, PasswordPasses = options.Accounts.PasswordPasses,
        SessionIdleTime = options.Accounts.SessionIdleTime, SessionLifetime = options.Accounts.SessionLifetime,
        SignInProviders = [.. options.OpenId.Providers.Select(p => p.Id)], MailDelivery = options.Mail.Delivery.ToString(),
        RequestsPerSecond = options.RequestsPerSecond ?? 0, AddressRequestsPerSecond = options.AddressRequestsPerSecond ?? 0,
        AllowedOrigins = [.. options.AllowedOrigins], ProjectGrace = options.ProjectGrace, SendsWebhooks = options.Features.Webhooks,
        LanguageModels = !options.Features.Assistant ? [] :
        [
            .. Enum.GetValues<AssistantTask>()
                .SelectMany(options.Assistant.RouteOf)
                .Select(provider => provider.Recipient())
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ],
    };
}
