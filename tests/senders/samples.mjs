// The sample payloads of the providers' documents, as laid out there, indented by two spaces.
//
// VideoPilot, I Hate PPT, FirebirdGen: word for word. Pollo.ai and ppt.video document the shape alone ("<string>",
// "succeed/failed", "succeeded | failed", empty objects): the values are filled in. ppt.video names progress events
// without showing one: `progress` is an assumption.

export const SAMPLES = {
  pptvideo: {
    succeeded: `{
  "id": "task_7c21e0a4",
  "status": "succeeded",
  "payload": {
    "model": "kling-v2",
    "prompt": "A paper boat crosses a flooded street",
    "duration": 5
  },
  "meta": {
    "user_ref": "order-1042",
    "attempt": 1
  },
  "data": {
    "video_url": "https://cdn.ppt.video/results/task_7c21e0a4.mp4",
    "width": 1280,
    "height": 720
  },
  "error": null
}`,
    failed: `{
  "id": "task_7c21e0a5",
  "status": "failed",
  "payload": {
    "model": "kling-v2",
    "prompt": "A paper boat crosses a flooded street",
    "duration": 5
  },
  "meta": {
    "user_ref": "order-1043",
    "attempt": 1
  },
  "data": {},
  "error": "The model refused the prompt"
}`,
    progress: `{
  "id": "task_7c21e0a4",
  "status": "processing",
  "payload": {},
  "meta": {
    "user_ref": "order-1042",
    "attempt": 1
  },
  "data": {
    "progress": 0.4
  },
  "error": null
}`,
  },
  videopilot: {
    "video.script_ready": `{
  "event": "video.script_ready",
  "data": {
    "video_id": "video_123abc",
    "title": "Space Discovery",
    "script": "In a galaxy far, far away, a brave astronaut begins their journey through the cosmos...",
    "status": "script_ready",
    "scene_count": 8
  },
  "timestamp": "2024-01-15T10:30:00.000Z"
}`,
    "video.media_ready": `{
  "event": "video.media_ready",
  "data": {
    "video_id": "video_123abc",
    "title": "Space Discovery",
    "status": "media_ready",
    "scene_count": 8,
    "total_duration": 87.5,
    "scenes_with_images": 8,
    "scenes_with_audio": 8
  },
  "timestamp": "2024-01-15T10:35:00.000Z"
}`,
    "video.generation_failed": `{
  "event": "video.generation_failed",
  "data": {
    "video_id": "video_123abc",
    "title": "Space Discovery",
    "status": "failed",
    "error": "Image generation failed for scene 3",
    "failed_step": "image_generation"
  },
  "timestamp": "2024-01-15T10:25:00.000Z"
}`,
    "render.started": `{
  "event": "render.started",
  "data": {
    "render_job_id": "render_789xyz",
    "video_id": "video_123abc",
    "status": "processing",
    "quality": "high",
    "estimated_duration": 180
  },
  "timestamp": "2024-01-15T10:40:00.000Z"
}`,
    "render.completed": `{
  "event": "render.completed",
  "data": {
    "render_job_id": "render_789xyz",
    "video_id": "video_123abc",
    "status": "completed",
    "output_url": "https://cdn.videopilot.app/videos/video_123abc_high.mp4",
    "duration": 87.5,
    "file_size": 25690112,
    "quality": "high"
  },
  "timestamp": "2024-01-15T10:43:30.000Z"
}`,
    "render.failed": `{
  "event": "render.failed",
  "data": {
    "render_job_id": "render_789xyz",
    "video_id": "video_123abc",
    "status": "failed",
    "error": "Rendering timeout after 300 seconds",
    "quality": "high"
  },
  "timestamp": "2024-01-15T10:45:00.000Z"
}`,
  },
  ihateppt: {
    "ppt.generation.completed": `{
  "id": "evt_123456789",
  "type": "ppt.generation.completed",
  "created": "2024-01-15T10:30:00Z",
  "data": {
    "ppt_id": "ppt_123456",
    "user_id": "user_789",
    "title": "AI Development Trends",
    "pages": 8,
    "download_url": "https://api.ihateppt.com/v1/ppt/ppt_123456/download",
    "generation_time": 25.5,
    "cost": 30
  }
}`,
    "webhook.verification": `{
  "type": "webhook.verification",
  "data": {
    "challenge": "verification_challenge_string"
  }
}`,
    "webhook.retry": `{
  "id": "evt_123456789",
  "type": "webhook.retry",
  "created": "2024-01-15T10:30:00Z",
  "data": {
    "original_event_id": "evt_123456788",
    "retry_count": 2,
    "next_retry_at": "2024-01-15T10:30:30Z"
  }
}`,
  },
  pollo: {
    "task.succeed": `{
  "taskId": "cmb1x2y3z0000pollo4task5",
  "status": "succeed"
}`,
    "task.failed": `{
  "taskId": "cmb1x2y3z0001pollo4task6",
  "status": "failed"
}`,
  },
  firebirdgen: {
    "success-text-to-video": `{
  "taskId": "task_abc123",
  "status": "success",
  "statusCode": 200,
  "resultUrl": "https://cdn.heo365.com/sora2/video.mp4",
  "createdAt": "2024-10-24T10:00:00Z",
  "completedAt": "2024-10-24T10:03:00Z",
  "requestParams": {
    "projectName": "sora2",
    "modelName": "sora2_text_to_video",
    "prompt": "A beautiful sunset over the ocean",
    "imageUrl": "",
    "aspectRatio": "9:16",
    "duration": 10,
    "callbackUrl": "https://your-domain.com/webhook"
  }
}`,
    "success-image-to-video": `{
  "taskId": "task_abc123",
  "status": "success",
  "statusCode": 200,
  "resultUrl": "https://cdn.heo365.com/sora2/video.mp4",
  "createdAt": "2024-10-24T10:00:00Z",
  "completedAt": "2024-10-24T10:03:00Z",
  "requestParams": {
    "projectName": "sora2",
    "modelName": "sora2_image_to_video",
    "prompt": "Animate this image with gentle camera movement",
    "imageUrl": "https://example.com/image.jpg",
    "aspectRatio": "9:16",
    "duration": 10,
    "callbackUrl": "https://your-domain.com/webhook"
  }
}`,
    failed: `{
  "taskId": "task_abc123",
  "status": "failed",
  "statusCode": 200,
  "errorMessage": "Failed to generate, system error please try again",
  "resultUrl": null,
  "createdAt": "2024-10-24T10:00:00Z",
  "completedAt": "2024-10-24T10:05:00Z",
  "requestParams": {
    "projectName": "sora2",
    "modelName": "sora2_text_to_video",
    "prompt": "Invalid prompt content",
    "imageUrl": "",
    "aspectRatio": "9:16",
    "duration": 10,
    "callbackUrl": "https://your-domain.com/webhook"
  }
}`,
    "success-curl-test": `{
  "taskId": "test_123",
  "status": "success",
  "resultUrl": "https://cdn.heo365.com/sora2/test.mp4",
  "createdAt": "2024-10-24T10:00:00Z",
  "completedAt": "2024-10-24T10:03:00Z",
  "requestParams": {
    "projectName": "sora2",
    "modelName": "sora2_text_to_video",
    "prompt": "Test prompt"
  }
}`,
  },
};

// The sample that the broken cases are made from.
export const MAIN = {
  pptvideo: "succeeded",
  videopilot: "render.completed",
  ihateppt: "ppt.generation.completed",
  pollo: "task.succeed",
};
export const main = (provider) => SAMPLES[provider][MAIN[provider]];
export const compact = (text) => JSON.stringify(JSON.parse(text));
