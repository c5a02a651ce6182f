using SynthStudio.Api.Authorization;
using SynthStudio.Api.Identity;

namespace SynthStudio.Api.Replicas;

/// <summary>Makes what is remembered of callers be forgotten when it changes: here, and by every other replica.</summary>
internal sealed class Revocations : IHostedService
{
    private readonly Authenticator _authenticator;
    private readonly MembershipCache _members;
    private readonly IReplicaChannel _others;

    public Revocations(Authenticator authenticator, MembershipCache members, IReplicaChannel others)
    {
        (_authenticator, _members, _others) = (authenticator, members, others);
        others.Heard += Forget;
    }

    /// <summary>A replica listens from its start, not from the first change of its own.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _others.Heard -= Forget;
        return Task.CompletedTask;
    }

    /// <summary>A key was revoked, a user locked out or changed.</summary>
    public Task CredentialsChangedAsync() => ChangedAsync(new ReplicaNews(ReplicaTopic.Credentials));

    /// <summary>A project's members changed, or it is gone.</summary>
    public Task ProjectChangedAsync(string project) => ChangedAsync(new ReplicaNews(ReplicaTopic.Project, project));

    private Task ChangedAsync(ReplicaNews news)
    {
        Forget(news);
        return _others.TellAsync(news);
    }

    private void Forget(ReplicaNews news)
    {
        if (news.Topic == ReplicaTopic.Credentials) _authenticator.Invalidate();
        else _members.Invalidate(news.Subject);
    }
}
