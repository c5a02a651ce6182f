using Microsoft.Extensions.Time.Testing;
using SynthStudio.Api.Authorization;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Access;

/// <summary>What is remembered of members and projects is forgotten in time.</summary>
[TestClass]
public sealed class MembershipCacheTests : ApiTest
{
    [TestMethod]
    public async Task What_is_remembered_holds_for_its_lifetime_or_until_it_is_to_be_forgotten()
    {
        var (projects, time) = (Server.Get<ProjectStore>(), new FakeTimeProvider());
        var members = new MembershipCache(projects, time);
        var (owner, project) = await OwnerAsync();
        using var closing = owner;
        var (user, _) = await Server.UserAsync();
        await projects.SetRoleAsync(project, user, ProjectRole.Editor);
        await ExpectAsync(project, ProjectRole.Editor, exists: true);
        await ExpectAsync("projects/no-such-project", null, exists: false);

        await projects.SetRoleAsync(project, user, ProjectRole.Viewer);
        time.Advance(MembershipCache.Lifetime - TimeSpan.FromTicks(1));
        await ExpectAsync(project, ProjectRole.Editor, exists: true); // It is remembered.
        time.Advance(TimeSpan.FromTicks(1));
        await ExpectAsync(project, ProjectRole.Viewer, exists: true);

        await owner.Projects.DeleteProjectAsync(new() { Name = project }, cancellationToken: Cancellation);
        await ExpectAsync(project, ProjectRole.Viewer, exists: true); // This cache was not told.
        members.Invalidate(project);
        await ExpectAsync(project, null, exists: false);

        async Task ExpectAsync(string name, ProjectRole? role, bool exists)
        {
            Assert.AreEqual(role, await members.FindRoleAsync(name, user, Cancellation));
            Assert.AreEqual(exists, await members.ProjectExistsAsync(name, Cancellation));
        }
    }

    [TestMethod]
    public async Task What_was_read_before_it_changed_is_not_remembered()
    {
        var projects = Server.Get<ProjectStore>();
        var (owner, project) = await OwnerAsync();
        using var closing = owner;
        var (user, _) = await Server.UserAsync();
        await projects.SetRoleAsync(project, user, ProjectRole.Editor);
        var time = new InterruptedTime();
        var members = new MembershipCache(projects, time);

        time.Interruption = () =>
        {
            projects.SetRoleAsync(project, user, ProjectRole.Viewer).GetAwaiter().GetResult();
            members.Invalidate(project);
        };

        Assert.AreEqual(ProjectRole.Editor, await members.FindRoleAsync(project, user, Cancellation), "It was one when the call began.");
        Assert.AreEqual(ProjectRole.Viewer, await members.FindRoleAsync(project, user, Cancellation));
    }

    /// <summary>Something comes between when somebody first asks for the time: what is remembered is read by then and not yet kept.</summary>
    private sealed class InterruptedTime : TimeProvider
    {
        public Action? Interruption { get; set; }

        public override long GetTimestamp()
        {
            var interruption = Interruption;
            Interruption = null;
            interruption?.Invoke();
            return base.GetTimestamp();
        }
    }
}
