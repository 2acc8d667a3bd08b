// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using RtlExport.Vectors;

namespace Cli.Experiments;

/// <summary>Schedule and images to an RTL bundle.</summary>
public static class ExportStage
{
    /// <summary>Writes the bundle with vectors of the first <paramref name="images"/> test images, every layer of each.</summary>
    public static void Write(Schedule schedule, TimingResult timing, TestSet test, int images, string configurationSha256, string directory)
    {
        TestSet few = test.Take(images);
        ValueResult values = FastEngine.Execute(schedule, few.Codes, few.Images, new() { KeepLayerOutputs = true });
        RtlBundle.Write(schedule, timing, RtlVectors.From(schedule, few.Codes, values), configurationSha256, directory);
    }
}
