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
}
