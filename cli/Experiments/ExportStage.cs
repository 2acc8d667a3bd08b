// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using RtlExport.Vectors;

namespace Cli.Experiments;

/// <summary>Schedule and images to an RTL bundle.</summary>
public static class ExportStage
{
    /// <summary>Writes the bundle with vectors of the first <paramref name="images"/> test images, every layer of each.</summary>
    public static void Write(Schedule schedule, TimingResult timing, TestSet test, int images, string configurationSha256, string directory, BundleContent? content = null)
    {
        TestSet few = test.Take(images);
        Write(schedule, timing, few.Codes, few.Images, configurationSha256, directory, 0, content);
    }

    /// <summary>The same for input codes of which nobody knows the labels.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="timing">Its timing.</param>
    /// <param name="codes">Input codes, image after image.</param>
    /// <param name="images">Images in <paramref name="codes"/>.</param>
    /// <param name="configurationSha256">What the headers carry.</param>
    /// <param name="directory">The bundle's folder.</param>
    /// <param name="instructions">Least depth of the program memories, so that several networks run on one compiled design.</param>
    /// <param name="content">What else the bundle holds; nothing where it is null.</param>
    public static void Write(
        Schedule schedule, TimingResult timing, int[] codes, int images, string configurationSha256, string directory, int instructions = 0, BundleContent? content = null)
    {
        ValueResult values = FastEngine.Execute(schedule, codes, images, new() { KeepLayerOutputs = true });
        RtlBundle.Write(schedule, timing, RtlVectors.From(schedule, codes, values), configurationSha256, directory, instructions, content);
    }
}
